package reconciler.patch;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import okhttp3.HttpUrl;
import reconciler.change.AttributeChange;
import reconciler.change.Participant;
import reconciler.change.ParticipantRole;
import reconciler.outcome.Attempt;

/// Writes requests as the contract has them. Paths are made of UUIDs and constants only: a path
/// built wrongly here can end a call.
final class Requests {
    /// A letter as JSON: \u0000
    private static final int ESCAPED = 6;

    /// Quotes, colon and comma of an attribute, and more than what surrounds all of them.
    private static final int FRAME = 200;

    private final HttpUrl base;
    private final ApiContract contract;

    Requests(ApiSettings settings) {
        base = HttpUrl.get(settings.baseUrl().toString());
        contract = settings.contract();
    }

    /// @param changes of one participant, in the order they are to be written
    ApiRequest patch(ParticipantRole role, List<AttributeChange> changes) {
        Participant participant = changes.getFirst().participant();
        return new ApiRequest(
                Attempt.Purpose.PATCH,
                participant,
                changes,
                "PATCH",
                url(contract.patchPath(participant)),
                body(role, changes));
    }

    /// @param changes whom it is made for; a read serves every participant of the conversation
    ApiRequest read(Attempt.Purpose purpose, List<AttributeChange> changes) {
        return read(purpose, changes, changes.getFirst().participant());
    }

    /// A read that is made for no change.
    ApiRequest look(Attempt.Purpose purpose, Participant participant) {
        return read(purpose, List.of(), participant);
    }

    private ApiRequest read(
            Attempt.Purpose purpose, List<AttributeChange> changes, Participant participant) {
        return new ApiRequest(
                purpose,
                participant,
                changes,
                "GET",
                url(contract.readPath(participant.conversationId())),
                null);
    }

    /// What the body of these changes weighs on the wire at most, without writing it.
    static long bytesAtMost(List<AttributeChange> changes) {
        long letters = 0;
        for (AttributeChange change : changes) {
            letters += change.name().length() + change.value().length() + FRAME;
        }
        return FRAME + ESCAPED * letters;
    }

    /// What the body of these changes weighs on the wire.
    int bytes(ParticipantRole role, List<AttributeChange> changes) {
        return body(role, changes).getBytes(StandardCharsets.UTF_8).length;
    }

    private String body(ParticipantRole role, List<AttributeChange> changes) {
        var attributes = new LinkedHashMap<String, String>();
        changes.forEach(change -> attributes.put(change.name(), change.value()));
        return contract.body(role, attributes);
    }

    private HttpUrl url(List<String> path) {
        HttpUrl.Builder url = base.newBuilder();
        path.forEach(url::addPathSegment);
        return url.build();
    }
}
