package reconciler.audit;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import reconciler.change.Participant;
import reconciler.outcome.Attempt;

/// Attempts as the array parameters of one statement.
record AttemptColumns(List<Attempt> attempts) {
    boolean isEmpty() {
        return attempts.isEmpty();
    }

    StatementSpec bind(StatementSpec statement) {
        return statement
                .param("sentFor", texts(AttemptColumns::arrayLiteral))
                .param(
                        "sentConversations",
                        texts(attempt -> id(attempt, Participant::conversationId)))
                .param(
                        "sentParticipants",
                        texts(attempt -> id(attempt, Participant::participantId)))
                .param("purposes", texts(attempt -> attempt.purpose().name()))
                .param("methods", texts(Attempt::method))
                .param("paths", texts(Attempt::path))
                .param("hashes", texts(Attempt::requestHash))
                .param("started", column(attempt -> micros(attempt.startedAt()), Long[]::new))
                .param("took", column(attempt -> attempt.took().toNanos() / 1_000, Long[]::new))
                .param(
                        "answered",
                        column(attempt -> attempt.evidence().httpStatus(), Integer[]::new))
                .param("sentCodes", texts(attempt -> StoredText.of(attempt.evidence().code())))
                .param(
                        "sentMessages",
                        texts(attempt -> StoredText.of(attempt.evidence().message())))
                .param("answers", texts(attempt -> StoredText.of(attempt.answer())))
                .param(
                        "sentCorrelations",
                        texts(attempt -> StoredText.of(attempt.evidence().correlationId())));
    }

    private static @Nullable String id(Attempt attempt, Function<Participant, UUID> which) {
        Participant participant = attempt.participant();
        return participant == null ? null : which.apply(participant).toString();
    }

    private static String arrayLiteral(Attempt attempt) {
        return attempt.changeIds().stream()
                .map(String::valueOf)
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static long micros(Instant instant) {
        return TimeUnit.SECONDS.toMicros(instant.getEpochSecond()) + instant.getNano() / 1_000;
    }

    private @Nullable String[] texts(Function<Attempt, @Nullable String> value) {
        return column(value, String[]::new);
    }

    private <T extends @Nullable Object> T[] column(
            Function<Attempt, T> value, IntFunction<T[]> array) {
        return attempts.stream().map(value).toArray(array);
    }
}
