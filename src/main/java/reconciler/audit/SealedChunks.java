package reconciler.audit;

import java.sql.Types;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import reconciler.outcome.Attempt;
import reconciler.outcome.Settlement;

/// Attempts, outcomes and values that are written together, and the seal over them.
record SealedChunks(JdbcClient jdbc) {
    /// One round trip for a whole chunk. Every row gets its leaf from a trigger; the seal at the
    /// end covers what was stored, not what was meant. Salts are made here and kept beside the
    /// values.
    private static final String APPEND_CHUNK =
            """
            WITH seal AS MATERIALIZED (
                SELECT nextval('audit.seal_seq') AS seal_id
            ), sent AS (
                INSERT INTO audit.attempt (seal_id, run_id, claim, change_ids, conversation_id, participant_id, purpose, method,
                                           path, request_sha256, started_at, took_micros, http_status, error_code,
                                           error_message, answer, correlation_id)
                SELECT seal_id, :run, :claim, a.change_ids::bigint[], a.conversation_id, a.participant_id, a.purpose, a.method,
                       a.path, a.request_sha256, to_timestamp(0) + a.started_micros * interval '1 microsecond',
                       a.took_micros, a.http_status, a.error_code, a.error_message, a.answer, a.correlation_id
                  FROM seal,
                       unnest(:sentFor::text[], :sentConversations::uuid[], :sentParticipants::uuid[], :purposes::text[],
                              :methods::text[], :paths::text[], :hashes::text[], :started::bigint[], :took::bigint[],
                              :answered::int[], :sentCodes::text[], :sentMessages::text[], :answers::text[],
                              :sentCorrelations::text[])
                           AS a (change_ids, conversation_id, participant_id, purpose, method, path, request_sha256,
                                 started_micros, took_micros, http_status, error_code, error_message, answer,
                                 correlation_id)
                RETURNING attempt_id, change_ids, leaf
            ), evidence AS (
                SELECT c.change_id, sha256(string_agg(s.leaf, ''::bytea ORDER BY s.attempt_id)) AS hash
                  FROM sent s, unnest(s.change_ids) AS c (change_id)
                 GROUP BY c.change_id
            ), given AS MATERIALIZED (
                SELECT o.*,
                       CASE WHEN o.before_value IS NOT NULL THEN uuid_send(gen_random_uuid()) END AS before_salt,
                       uuid_send(gen_random_uuid()) AS requested_salt
                  FROM unnest(:ids::bigint[], :sets::bigint[], :conversations::uuid[], :participants::uuid[], :roles::text[],
                              :correctedRoles::text[], :names::text[], :befores::text[], :values::text[],
                              :statuses::text[], :confirmations::text[], :httpStatuses::int[], :codes::text[],
                              :messages::text[], :correlations::text[], :attempts::int[], :inDoubt::boolean[],
                              :requesters::text[], :approvers::text[])
                           AS o (change_id, change_set_id, conversation_id, participant_id, participant_role,
                                 corrected_role, attribute_name, before_value, requested_value, status, confirmed_by,
                                 http_status, error_code, error_message, correlation_id, attempts, in_doubt, requested_by,
                                 approved_by)
            ), stored AS (
                INSERT INTO audit.outcome (seal_id, change_id, change_set_id, run_id, claim, conversation_id, participant_id,
                                           participant_role, corrected_role, attribute_name, before_commit,
                                           requested_commit, status, confirmed_by, http_status, error_code, error_message,
                                           correlation_id, attempts, in_doubt, requested_by, approved_by, evidence)
                SELECT seal_id, g.change_id, g.change_set_id, :run, :claim, g.conversation_id, g.participant_id,
                       g.participant_role, g.corrected_role, g.attribute_name,
                       sha256(g.before_salt || convert_to(g.before_value, 'UTF8')),
                       sha256(g.requested_salt || convert_to(g.requested_value, 'UTF8')),
                       g.status, g.confirmed_by, g.http_status, g.error_code, g.error_message, g.correlation_id, g.attempts,
                       g.in_doubt, g.requested_by, g.approved_by, e.hash
                  FROM seal, given g LEFT JOIN evidence e USING (change_id)
                RETURNING outcome_id, change_id, occurred_at, leaf
            ), clear AS (
                INSERT INTO audit.value (outcome_id, seal_id, before_salt, before_value, requested_salt, requested_value,
                                         occurred_at)
                SELECT s.outcome_id, seal_id, g.before_salt, g.before_value, g.requested_salt, g.requested_value, s.occurred_at
                  FROM seal, stored s JOIN given g USING (change_id)
            )
            """;

    private static final String SEAL_CHUNK =
            """
            SELECT audit.seal_chunk(seal_id, :run, :part,
                                    ARRAY(SELECT leaf FROM sent ORDER BY attempt_id),
                                    ARRAY(SELECT leaf FROM stored ORDER BY outcome_id))
              FROM seal
            """;

    private static final String SEAL_WITHDRAWN =
            "SELECT audit.seal_withdrawn(seal_id, ARRAY(SELECT leaf FROM stored ORDER BY outcome_id)) FROM seal";

    private record Origin(@Nullable Long run, @Nullable Long claim) {}

    void append(
            long run,
            String part,
            long claim,
            List<Attempt> attempts,
            List<Settlement> settlements) {
        append(
                SEAL_CHUNK,
                new Origin(run, claim),
                new AttemptColumns(attempts),
                OutcomeColumns.of(settlements),
                statement -> statement.param("part", part));
    }

    /// The caller holds the journal's lock.
    void appendWithdrawn(List<Settlement> withdrawn) {
        append(
                SEAL_WITHDRAWN,
                new Origin(null, null),
                new AttemptColumns(List.of()),
                OutcomeColumns.of(withdrawn),
                statement -> statement);
    }

    private void append(
            String seal,
            Origin origin,
            AttemptColumns attempts,
            OutcomeColumns outcomes,
            UnaryOperator<StatementSpec> more) {
        if (!attempts.isEmpty() || !outcomes.isEmpty()) {
            StatementSpec statement =
                    jdbc.sql(APPEND_CHUNK + seal)
                            .param("run", origin.run(), Types.BIGINT)
                            .param("claim", origin.claim(), Types.BIGINT);
            more.apply(outcomes.bind(attempts.bind(statement))).query().singleRow();
        }
    }
}
