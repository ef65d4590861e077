package reconciler.simulator;

import java.util.Set;

/// Which requests a rule is about. An empty text matches everything.
///
/// @param methods PATCH, GET, and TOKEN for the token endpoint
public record FaultMatch(
        Set<String> methods, String conversationId, String participantId, String attribute) {

    public FaultMatch {
        methods = Set.copyOf(methods);
    }

    boolean matches(Call call) {
        Address subject = call.target().subject();
        return methods.contains(methodOf(call))
                && (conversationId.isEmpty() || conversationId.equals(subject.conversationId()))
                && (participantId.isEmpty() || participantId.equals(subject.participantId()))
                && (attribute.isEmpty() || call.attributeNames().contains(attribute));
    }

    private static String methodOf(Call call) {
        return call.target() instanceof Target.Token ? "TOKEN" : call.method();
    }
}
