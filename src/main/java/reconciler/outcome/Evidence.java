package reconciler.outcome;

import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What an answer, or the lack of one, leaves behind for the operator.
///
/// @param httpStatus null when no answer came
/// @param code the API's own error code, or ours (`connection.lost`, `apply-by.passed`, ...); null
///   on success
/// @param message the API's own words, or ours; never an attribute value of ours
/// @param correlationId what vendor support asks for; null when no answer came
public record Evidence(
        @Nullable Integer httpStatus,
        @Nullable String code,
        @Nullable String message,
        @Nullable String correlationId) {

    public static final Evidence NONE = new Evidence(null, null, null, null);

    /// Our own reason, where no answer of the API is at hand.
    public static Evidence of(String code, String message) {
        return new Evidence(null, code, message, null);
    }

    public Evidence withReason(String code, String message) {
        return new Evidence(httpStatus, code, message, correlationId);
    }

    /// For a sentence: status, code, message and correlation id, as far as they are known.
    public String inWords() {
        String said =
                Stream.of(httpStatus, ("http." + httpStatus).equals(code) ? null : code)
                        .filter(Objects::nonNull)
                        .map(String::valueOf)
                        .collect(Collectors.joining(" "));
        String id = correlationId == null ? "" : " (correlation id " + correlationId + ")";
        return Stream.of(said, message)
                        .filter(words -> words != null && !words.isEmpty())
                        .collect(Collectors.joining(", "))
                + id;
    }

    /// The same, with one more thing to say.
    public Evidence andAlso(String words) {
        return new Evidence(
                httpStatus, code, message == null ? words : message + "; " + words, correlationId);
    }
}
