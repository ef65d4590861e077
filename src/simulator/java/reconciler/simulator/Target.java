package reconciler.simulator;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a path leads to.
sealed interface Target {

    Pattern PARTICIPANT =
            Pattern.compile(
                    "/api/v2/conversations/(?:(web|calls|callbacks|emails|messages)/)?"
                            + "([^/]+)/participants/([^/]+)(/attributes)?");
    Pattern CONVERSATION = Pattern.compile("/api/v2/conversations/([^/]+)");

    record Token() implements Target {
        @Override
        public String path() {
            return "/oauth/token";
        }

        @Override
        public Address subject() {
            return Address.TOKEN;
        }
    }

    record OfConversation(Address subject) implements Target {
        @Override
        public String path() {
            return "/api/v2/conversations/" + subject.conversationId();
        }
    }

    record OfParticipant(Endpoint endpoint, Address subject) implements Target {
        @Override
        public String path() {
            return endpoint.path(subject);
        }
    }

    record Elsewhere(String path) implements Target {
        @Override
        public Address subject() {
            return Address.NOBODY;
        }
    }

    String path();

    Address subject();

    static Target of(String path) {
        if (path.equals("/oauth/token")) {
            return new Token();
        }
        Matcher conversation = CONVERSATION.matcher(path);
        if (conversation.matches()) {
            return new OfConversation(new Address(conversation.group(1), ""));
        }
        Matcher participant = PARTICIPANT.matcher(path);
        return participant.matches() ? ofParticipant(participant, path) : new Elsewhere(path);
    }

    /// The web path ends with the participant, the published ones with `/attributes`.
    private static Target ofParticipant(Matcher match, String path) {
        String segment = match.group(1) == null ? "" : match.group(1);
        boolean attributes = match.group(4) != null;
        return attributes == segment.equals("web")
                ? new Elsewhere(path)
                : new OfParticipant(
                        Endpoint.of(segment), new Address(match.group(2), match.group(3)));
    }
}
