package reconciler.patch;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import reconciler.outcome.Complaint;
import reconciler.outcome.Evidence;

/// Turns an answer into evidence: bounded, storable, without our values.
final class Findings {
    private static final int MESSAGE_BYTES = 1024;

    /// As much of an error body as is kept.
    private static final int ANSWER_BYTES = 4096;

    /// What codes and ids consist of: anything else is a text that has no place in them.
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z0-9._:/+=@-]{1,128}");

    private final Redaction redaction;

    Findings(Redaction redaction) {
        this.redaction = redaction;
    }

    Evidence of(Answer answer) {
        return switch (answer) {
            case Answer.Received received -> of(received);
            case Answer.Lost(String code, String message) -> Evidence.of(code, message(message));
            case Answer.NotSent(String code, String message, _) ->
                    Evidence.of(code, message(message));
        };
    }

    private Evidence of(Answer.Received received) {
        if (ForeignAnswer.is(received)) {
            return new Evidence(
                    received.status(),
                    "answer.foreign",
                    "not an answer of the API: " + ForeignAnswer.inWords(received, redaction),
                    null);
        }
        ErrorBody body = received.isSuccess() ? ErrorBody.NONE : ErrorBody.parse(received.body());
        String header = received.header("ININ-Correlation-Id");
        String correlation = header == null ? body.contextId() : header;
        return new Evidence(
                received.status(),
                received.isSuccess() ? null : code(body.code(), received.status()),
                body.message() == null ? null : message(body.message()),
                correlation != null && IDENTIFIER.matcher(correlation).matches()
                        ? correlation
                        : null);
    }

    /// An error body as it is kept with the attempt; null on success, where there is none, and when
    /// it is not the API's: nobody knows what is in it.
    @Nullable String kept(Answer answer) {
        return answer instanceof Answer.Received received
                        && !received.isSuccess()
                        && !received.body().isEmpty()
                        && !ForeignAnswer.is(received)
                ? StorableText.bounded(redaction.apply(received.body()), ANSWER_BYTES)
                : null;
    }

    Complaint of(Complaint complaint) {
        return new Complaint(
                complaint.attribute(),
                identifier(complaint.code()),
                complaint.message() == null ? null : message(complaint.message()));
    }

    /// The reason for one attribute: the complaint's own where it gives one.
    static Evidence of(Complaint complaint, Evidence whole) {
        return new Evidence(
                whole.httpStatus(),
                complaint.code() == null ? whole.code() : complaint.code(),
                complaint.message() == null ? whole.message() : complaint.message(),
                whole.correlationId());
    }

    /// A code as it is kept; null where there is none that is a code.
    private @Nullable String identifier(@Nullable String code) {
        return code != null && IDENTIFIER.matcher(code).matches() ? redaction.apply(code) : null;
    }

    private String message(String text) {
        return StorableText.bounded(redaction.apply(text), MESSAGE_BYTES);
    }

    /// The API's own code, or ours where it gives none.
    private String code(@Nullable String given, int status) {
        String code = identifier(given);
        if (code != null) {
            return code;
        }
        return switch (status) {
            case 404 -> "not.found";
            case 413 -> "request.entity.too.large";
            default -> "http." + status;
        };
    }
}
