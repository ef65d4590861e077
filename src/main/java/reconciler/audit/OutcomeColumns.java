package reconciler.audit;

import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import reconciler.outcome.Disposition;
import reconciler.outcome.Settlement;

/// Terminal settlements as the array parameters of one statement.
record OutcomeColumns(List<Terminal> rows) {
    /// A settlement that is over, and how.
    record Terminal(Settlement settlement, Disposition.Settled end) {}

    static OutcomeColumns of(List<Settlement> settlements) {
        return new OutcomeColumns(settlements.stream().flatMap(OutcomeColumns::terminal).toList());
    }

    private static Stream<Terminal> terminal(Settlement settlement) {
        return switch (settlement.disposition()) {
            case Disposition.Settled end -> Stream.of(new Terminal(settlement, end));
            case Disposition.Deferred _, Disposition.Released _ -> Stream.empty();
        };
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    StatementSpec bind(StatementSpec statement) {
        return statement
                .param("ids", column(row -> row.settlement.change().id(), Long[]::new))
                .param(
                        "sets",
                        column(
                                row -> row.settlement.change().provenance().changeSetId(),
                                Long[]::new))
                .param(
                        "conversations",
                        texts(row ->
                                row.settlement.change().participant().conversationId().toString()))
                .param(
                        "participants",
                        texts(row ->
                                row.settlement.change().participant().participantId().toString()))
                .param("roles", texts(row -> row.settlement.change().role().name()))
                .param(
                        "correctedRoles",
                        texts(row ->
                                row.settlement.correctedRole() == null
                                        ? null
                                        : row.settlement.correctedRole().name()))
                .param("names", texts(row -> row.settlement.change().name()))
                .param("befores", texts(row -> StoredText.of(row.settlement.before())))
                .param("values", texts(row -> row.settlement.change().value()))
                .param("standings", texts(row -> StoredText.of(row.settlement.standing())))
                .param("statuses", texts(row -> row.end.state().name()))
                .param(
                        "confirmations",
                        texts(row ->
                                row.end.confirmedBy() == null
                                        ? null
                                        : row.end.confirmedBy().label()))
                .param(
                        "httpStatuses",
                        column(row -> row.settlement.evidence().httpStatus(), Integer[]::new))
                .param("codes", texts(row -> StoredText.of(row.settlement.evidence().code())))
                .param("messages", texts(row -> StoredText.of(row.settlement.evidence().message())))
                .param(
                        "correlations",
                        texts(row -> StoredText.of(row.settlement.evidence().correlationId())))
                .param("attempts", column(OutcomeColumns::attempts, Integer[]::new))
                .param("inDoubt", column(row -> row.settlement.inDoubt(), Boolean[]::new))
                .param(
                        "requesters",
                        texts(row -> row.settlement.change().provenance().requestedBy()))
                .param(
                        "approvers",
                        texts(row -> row.settlement.change().provenance().approvedBy()));
    }

    private static Integer attempts(Terminal row) {
        return row.settlement.change().attempts() + row.settlement.attempts();
    }

    private @Nullable String[] texts(Function<Terminal, @Nullable String> value) {
        return column(value, String[]::new);
    }

    private <T extends @Nullable Object> T[] column(
            Function<Terminal, T> value, IntFunction<T[]> array) {
        return rows.stream().map(value).toArray(array);
    }
}
