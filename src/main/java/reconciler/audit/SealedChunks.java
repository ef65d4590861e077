package reconciler.audit;

import java.sql.Types;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import reconciler.outcome.Attempt;
import reconciler.outcome.Settlement;

/// Attempts, outcomes and values that are written together, and the seal over them.
record SealedChunks(JdbcClient jdbc) {
    /// One round trip for a whole chunk. Ids, times, salts and leaves are made by the database.
    private static final String APPEND_CHUNK =
            """
            SELECT audit.append_chunk(
                   :run, :claim, :part,
                   :sentFor::text[], :sentConversations::uuid[], :sentParticipants::uuid[], :purposes::text[], :methods::text[],
                   :paths::text[], :hashes::text[], :started::bigint[], :took::bigint[], :answered::int[],
                   :sentCodes::text[], :sentMessages::text[], :answers::text[], :sentCorrelations::text[],
                   :ids::bigint[], :sets::bigint[], :conversations::uuid[], :participants::uuid[], :roles::text[],
                   :correctedRoles::text[], :names::text[], :befores::text[], :values::text[], :standings::text[],
                   :statuses::text[],
                   :confirmations::text[], :httpStatuses::int[], :codes::text[], :messages::text[], :correlations::text[],
                   :attempts::int[], :inDoubt::boolean[], :requesters::text[], :approvers::text[])
            """;

    /// @param part null for no run
    private record Origin(@Nullable Long run, @Nullable Long claim, @Nullable String part) {}

    void append(
            long run,
            String part,
            long claim,
            List<Attempt> attempts,
            List<Settlement> settlements) {
        append(
                new Origin(run, claim, part),
                new AttemptColumns(attempts),
                OutcomeColumns.of(settlements));
    }

    /// The caller holds the journal's lock.
    void appendWithdrawn(List<Settlement> withdrawn) {
        append(
                new Origin(null, null, null),
                new AttemptColumns(List.of()),
                OutcomeColumns.of(withdrawn));
    }

    private void append(Origin origin, AttemptColumns attempts, OutcomeColumns outcomes) {
        if (!attempts.isEmpty() || !outcomes.isEmpty()) {
            StatementSpec statement =
                    jdbc.sql(APPEND_CHUNK)
                            .param("run", origin.run(), Types.BIGINT)
                            .param("claim", origin.claim(), Types.BIGINT)
                            .param("part", origin.part(), Types.VARCHAR);
            outcomes.bind(attempts.bind(statement)).query().singleRow();
        }
    }
}
