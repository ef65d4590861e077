package reconciler.audit;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import reconciler.change.ChangeState;

/// Questions about what became of changes, request by request; changes nothing.
public final class OutcomeView {
    private static final String COLUMNS =
            """
            outcome_id, change_id, change_set_id, run_id, conversation_id, participant_id, participant_role,
            corrected_role, attribute_name, before_value, requested_value, status, confirmed_by, http_status,
            error_code, error_message, correlation_id, attempts, in_doubt, requested_by, approved_by, occurred_at
            """;

    private static final String OUTCOMES =
            asked(
                    """
                    SELECT {columns}
                      FROM audit.v_outcome
                     WHERE {wanted}
                     ORDER BY outcome_id
                     LIMIT :limit
                    """);

    /// A later success stands: what it overtook is not to be asked for again.
    private static final String LATEST =
            asked(
                    """
                    SELECT {columns}
                      FROM (SELECT DISTINCT ON (conversation_id, participant_id, attribute_name) {columns}
                              FROM audit.v_outcome
                             WHERE {wanted}
                             ORDER BY conversation_id, participant_id, attribute_name, change_id DESC) o
                     WHERE NOT EXISTS (SELECT FROM audit.outcome later
                                        WHERE later.participant_id = o.participant_id
                                          AND later.conversation_id = o.conversation_id
                                          AND later.attribute_name = o.attribute_name
                                          AND later.change_id > o.change_id
                                          AND later.status IN ('APPLIED', 'UNCHANGED'))
                     ORDER BY outcome_id
                     LIMIT :limit
                    """);

    private static final String SEES_VALUES =
            "SELECT has_table_privilege(current_user, 'audit.value', 'SELECT')";

    private static final String KNOWS_SET =
            "SELECT EXISTS (SELECT FROM audit.v_change_set WHERE change_set_id = :set)";

    /// By the change as two bounds that the planner does not know: it takes them for 0.5 % of the
    /// rows whatever the statistics say, and walks the index.
    private static final String OF_CHANGE =
            """
            SELECT o.*
              FROM unnest(ARRAY[:change::bigint]) AS changes (id)
             CROSS JOIN LATERAL (SELECT {columns}
                                   FROM audit.v_outcome
                                  WHERE change_id >= changes.id AND change_id <= changes.id
                                 OFFSET 0) AS o
            """
                    .replace("{columns}", COLUMNS);

    private static final String ATTEMPTS =
            """
            SELECT attempt_id, run_id, purpose, method, path, started_at, took_micros, http_status, error_code, error_message,
                   correlation_id
              FROM (SELECT c.participant_id FROM reconciler.attribute_change c WHERE c.id = :change OFFSET 0) AS c
             CROSS JOIN LATERAL (SELECT a.attempt_id, a.run_id, a.purpose, a.method, a.path, a.started_at, a.took_micros,
                                        a.http_status, a.error_code, a.error_message, a.correlation_id, a.change_ids
                                   FROM audit.v_attempt a
                                  WHERE a.participant_id >= c.participant_id AND a.participant_id <= c.participant_id
                                 OFFSET 0) AS a
             WHERE :change = ANY (change_ids)
             ORDER BY attempt_id
            """;

    private final JdbcClient jdbc;
    private final TransactionTemplate readOnly;

    public OutcomeView(DataSource dataSource) {
        jdbc = JdbcClient.create(dataSource);
        readOnly = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
        readOnly.setReadOnly(true);
    }

    /// One row of `audit.v_outcome`. Values are null once erased.
    public record OutcomeRow(
            long outcomeId,
            long changeId,
            @Nullable Long changeSetId,
            @Nullable Long runId,
            UUID conversationId,
            UUID participantId,
            String participantRole,
            @Nullable String correctedRole,
            String attributeName,
            @Nullable String beforeValue,
            @Nullable String requestedValue,
            ChangeState status,
            @Nullable String confirmedBy,
            @Nullable Integer httpStatus,
            @Nullable String errorCode,
            @Nullable String errorMessage,
            @Nullable String correlationId,
            int attempts,
            boolean inDoubt,
            String requestedBy,
            @Nullable String approvedBy,
            Instant occurredAt) {
        /// Without the values.
        @Override
        public String toString() {
            return "outcome " + outcomeId + " of change " + changeId + ": " + status;
        }
    }

    /// One request, as `explain` tells it.
    public record AttemptRow(
            long attemptId,
            long runId,
            String purpose,
            String method,
            String path,
            Instant startedAt,
            long tookMicros,
            @Nullable Integer httpStatus,
            @Nullable String errorCode,
            @Nullable String errorMessage,
            @Nullable String correlationId) {}

    /// What came of a change; null when nothing did yet.
    public @Nullable OutcomeRow of(long change) {
        return jdbc.sql(OF_CHANGE)
                .param("change", change)
                .query((row, _) -> outcome(row))
                .optional()
                .orElse(null);
    }

    /// Streams the outcomes, oldest first.
    public void outcomes(OutcomeFilter filter, Consumer<OutcomeRow> consumer) {
        stream(OUTCOMES, filter, consumer);
    }

    /// Streams the latest of them for each attribute of each participant, unless a later change was
    /// applied: what one may ask for again.
    public void latest(OutcomeFilter filter, Consumer<OutcomeRow> consumer) {
        stream(LATEST, filter, consumer);
    }

    /// Whether the login sees values, or `(masked)` in their place.
    public boolean seesValues() {
        return jdbc.sql(SEES_VALUES).query(Boolean.class).single();
    }

    /// Whether there is such a change set, with outcomes or without.
    public boolean knowsSet(long set) {
        return jdbc.sql(KNOWS_SET).param("set", set).query(Boolean.class).single();
    }

    private void stream(String sql, OutcomeFilter filter, Consumer<OutcomeRow> consumer) {
        // The driver streams inside a transaction only.
        readOnly.executeWithoutResult(_ ->
                filter.of(jdbc.sql(sql).withFetchSize(1_000))
                        .query(row -> {
                            consumer.accept(outcome(row));
                        }));
    }

    /// The requests that were made for a change, in order.
    public List<AttemptRow> attempts(long change) {
        return jdbc.sql(ATTEMPTS)
                .param("change", change)
                .query((row, _) ->
                        new AttemptRow(
                                row.getLong("attempt_id"),
                                row.getLong("run_id"),
                                row.getString("purpose"),
                                row.getString("method"),
                                row.getString("path"),
                                instant(row, "started_at"),
                                row.getLong("took_micros"),
                                row.getObject("http_status", Integer.class),
                                row.getString("error_code"),
                                row.getString("error_message"),
                                row.getString("correlation_id")))
                .list();
    }

    private static String asked(String statement) {
        return OutcomeFilter.in(statement.replace("{columns}", COLUMNS));
    }

    private static OutcomeRow outcome(ResultSet row) throws SQLException {
        return new OutcomeRow(
                row.getLong("outcome_id"),
                row.getLong("change_id"),
                row.getObject("change_set_id", Long.class),
                row.getObject("run_id", Long.class),
                row.getObject("conversation_id", UUID.class),
                row.getObject("participant_id", UUID.class),
                row.getString("participant_role"),
                row.getString("corrected_role"),
                row.getString("attribute_name"),
                row.getString("before_value"),
                row.getString("requested_value"),
                ChangeState.valueOf(row.getString("status")),
                row.getString("confirmed_by"),
                row.getObject("http_status", Integer.class),
                row.getString("error_code"),
                row.getString("error_message"),
                row.getString("correlation_id"),
                row.getInt("attempts"),
                row.getBoolean("in_doubt"),
                row.getString("requested_by"),
                row.getString("approved_by"),
                instant(row, "occurred_at"));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
