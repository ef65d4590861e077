package reconciler.simulator;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads the text form of a [FaultRule]. What it does not know it refuses.
final class FaultText {

    private static final Pattern WORD =
            Pattern.compile("\\s*(?:([a-z-]+)=)?(\"[^\"]*\"|'[^']*'|\\S+)");
    private static final Pattern SHORT_DURATION = Pattern.compile("(\\d+)(ms|s|m|h)");
    private static final Set<String> KEYS =
            Set.of(
                    "p",
                    "times",
                    "each",
                    "method",
                    "participant",
                    "conversation",
                    "attribute",
                    "retry-after",
                    "status",
                    "location",
                    "title",
                    "type",
                    "body",
                    "as",
                    "bytes",
                    "for");

    private FaultText() {}

    static FaultRule parse(String text) {
        try {
            String kind = text.strip().split("\\s+", 2)[0];
            return rule(
                    text.strip(),
                    kind,
                    options(text.strip().substring(kind.length()).stripTrailing()));
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException(
                    "fault rule '" + text + "': " + wrong.getMessage(), wrong);
        }
    }

    private static FaultRule rule(String text, String word, Map<String, String> options) {
        boolean after = word.endsWith("-after");
        FaultKind kind =
                FaultKind.of(after ? word.substring(0, word.length() - "-after".length()) : word);
        Integer.parseInt(options.getOrDefault("status", "500"));
        Integer.parseInt(options.getOrDefault("bytes", "0"));
        duration(options.getOrDefault("for", "0s"));
        Alteration.of(options.getOrDefault("as", "cut"));
        return new FaultRule(
                text,
                kind,
                after,
                Double.parseDouble(options.getOrDefault("p", "1")),
                match(kind, after, options),
                Integer.parseInt(options.getOrDefault("times", "0")),
                Integer.parseInt(options.getOrDefault("each", "0")),
                options);
    }

    private static FaultMatch match(FaultKind kind, boolean after, Map<String, String> options) {
        String methods = options.get("method");
        return new FaultMatch(
                methods != null ? methods(methods) : after ? Set.of("PATCH") : kind.methods(),
                options.getOrDefault("conversation", ""),
                options.getOrDefault("participant", ""),
                options.getOrDefault("attribute", ""));
    }

    private static Set<String> methods(String text) {
        Set<String> methods = Set.of(text.split(",", -1));
        if (!Set.of("PATCH", "GET", "TOKEN").containsAll(methods)) {
            throw new IllegalArgumentException("method must be PATCH, GET or TOKEN");
        }
        return methods;
    }

    private static Map<String, String> options(String text) {
        Map<String, String> options = new LinkedHashMap<>();
        Matcher word = WORD.matcher(text);
        int end = 0;
        while (end < text.length() && word.find(end) && word.start() == end) {
            String key = word.group(1);
            if (key == null || !KEYS.contains(key)) {
                throw new IllegalArgumentException("cannot read '" + word.group().strip() + "'");
            }
            options.put(key, unquoted(word.group(2)));
            end = word.end();
        }
        return options;
    }

    private static String unquoted(String text) {
        boolean quoted = text.startsWith("\"") || (text.startsWith("'") && text.endsWith("'"));
        return quoted ? text.substring(1, text.length() - 1) : text;
    }

    static Duration duration(String text) {
        Matcher match = SHORT_DURATION.matcher(text);
        if (!match.matches()) {
            throw new IllegalArgumentException("'" + text + "' is no time like 200ms, 30s or 5m");
        }
        long amount = Long.parseLong(match.group(1));
        return switch (match.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
        };
    }
}
