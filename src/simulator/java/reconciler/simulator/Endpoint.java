package reconciler.simulator;

/// The places that take attributes of a participant; all but WEB speak the published contract.
public enum Endpoint {
    WEB("web"),
    ANY_MEDIUM(""),
    CALLS("calls"),
    CALLBACKS("callbacks"),
    EMAILS("emails"),
    MESSAGES("messages");

    private final String segment;

    Endpoint(String segment) {
        this.segment = segment;
    }

    static Endpoint of(String segment) {
        for (Endpoint endpoint : values()) {
            if (endpoint.segment.equals(segment)) {
                return endpoint;
            }
        }
        throw new IllegalArgumentException("no endpoint called " + segment);
    }

    String path(Address address) {
        return "/api/v2/conversations/"
                + (segment.isEmpty() ? "" : segment + "/")
                + address.conversationId()
                + "/participants/"
                + address.participantId()
                + (this == WEB ? "" : "/attributes");
    }
}
