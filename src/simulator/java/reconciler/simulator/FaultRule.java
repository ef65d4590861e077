package reconciler.simulator;

import java.util.Map;

/// What goes wrong, when, for whom and how often. As text:
///
///     kind[-after] [p=0.05] [times=1] [each=1] [method=PATCH,GET,TOKEN] [participant=ID]
///                  [conversation=ID] [attribute=NAME] [retry-after=TEXT] [status=502]
///                  [location=URL] [bytes=5000000] [for=30s] [title="Access denied"]
///                  [type=text/plain] [body='{"id": 7}'] [as=cut]
///
/// The kinds are those of [FaultKind]. `-after` lets the request take effect first, so
/// `drop-after` is a lost answer and `504-after` a lie. `times` limits the rule, `each` limits it
/// for every participant. A text with blanks goes in double or single quotes. Rules are asked in their order;
/// the first that strikes is the only one.
///
/// @param text the rule as it was written
/// @param probability of striking a request that matches
/// @param times how often it strikes at all; 0 means for ever
/// @param each how often it strikes one participant; 0 means for ever
/// @param options the rest of the text, by key
public record FaultRule(
        String text,
        FaultKind kind,
        boolean afterApplying,
        double probability,
        FaultMatch match,
        int times,
        int each,
        Map<String, String> options) {

    public FaultRule {
        SimulatorSettings.require(
                probability >= 0 && probability <= 1, "fault p", "must be from 0 to 1");
        SimulatorSettings.require(times >= 0, "fault times", "must not be negative");
        SimulatorSettings.require(each >= 0, "fault each", "must not be negative");
        options = Map.copyOf(options);
    }

    public static FaultRule parse(String text) {
        return FaultText.parse(text);
    }

    String option(String key, String otherwise) {
        return options.getOrDefault(key, otherwise);
    }
}
