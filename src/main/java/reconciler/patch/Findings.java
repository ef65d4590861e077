package reconciler.patch;

import org.jspecify.annotations.Nullable;
import reconciler.outcome.Complaint;
import reconciler.outcome.Evidence;

/// Turns an answer into evidence: bounded, storable, without our values.
final class Findings {
    private static final int MESSAGE_BYTES = 1024;
    private static final int CODE_BYTES = 128;

    /// As much of an error body as is kept.
    private static final int ANSWER_BYTES = 4096;

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
        ErrorBody body = received.isSuccess() ? ErrorBody.NONE : ErrorBody.parse(received.body());
        String header = received.header("ININ-Correlation-Id");
        String correlation = header == null ? body.contextId() : header;
        return new Evidence(
                received.status(),
                received.isSuccess() ? null : code(body.code(), received.status()),
                body.message() == null ? null : message(body.message()),
                correlation == null ? null : StorableText.bounded(correlation, CODE_BYTES));
    }

    /// An error body as it is kept with the attempt; null on success and where there is none.
    @Nullable String kept(Answer answer) {
        return answer instanceof Answer.Received received
                        && !received.isSuccess()
                        && !received.body().isEmpty()
                ? StorableText.bounded(redaction.apply(received.body()), ANSWER_BYTES)
                : null;
    }

    Complaint of(Complaint complaint) {
        return new Complaint(
                complaint.attribute(),
                complaint.code() == null
                        ? null
                        : StorableText.bounded(complaint.code(), CODE_BYTES),
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

    private String message(String text) {
        return StorableText.bounded(redaction.apply(text), MESSAGE_BYTES);
    }

    /// The API's own code, or ours where it gives none.
    private static String code(@Nullable String given, int status) {
        if (given != null && !given.isBlank()) {
            return StorableText.bounded(given, CODE_BYTES);
        }
        return switch (status) {
            case 404 -> "not.found";
            case 413 -> "request.entity.too.large";
            default -> "http." + status;
        };
    }
}
