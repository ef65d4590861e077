package reconciler.intake;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Who asked for what, and from which file.
final class ChangeSets {
    /// Two processes that queue the same file at once take turns; the second sees the first's set.
    private static final String ONE_AT_A_TIME =
            "SELECT pg_advisory_xact_lock(hashtextextended('reconciler.intake.' || :sha256, 0)) IS NULL AS locked";

    private static final String EARLIER =
            """
            SELECT id, created_at, requested_by
              FROM reconciler.change_set
             WHERE source_sha256 = :sha256
             ORDER BY id DESC
             LIMIT 1
            """;

    private static final String CREATE =
            """
            INSERT INTO reconciler.change_set
                   (requested_by, reason, ticket, source_name, source_sha256, not_before, apply_by, priority, atomic)
            VALUES (:by, :reason, :ticket, :source, :sha256, :notBefore::timestamptz, :applyBy::timestamptz, :priority, :atomic)
            RETURNING id, created_at
            """;

    private static final String COUNT =
            "UPDATE reconciler.change_set SET rows_queued = :queued, rows_refused = :refused WHERE id = :id";

    private static final String ANALYZE = "SELECT reconciler.analyze_queue()";

    private final JdbcClient jdbc;

    ChangeSets(DataSource dataSource) {
        this.jdbc = JdbcClient.create(dataSource);
    }

    /// A set that is there already.
    record EarlierSet(long id, Instant createdAt, String requestedBy) {}

    /// The latest set that was made of the same bytes. Until the transaction ends nobody else gets
    /// an answer for them.
    Optional<EarlierSet> of(String sha256) {
        jdbc.sql(ONE_AT_A_TIME).param("sha256", sha256).query(Boolean.class).single();
        return jdbc.sql(EARLIER)
                .param("sha256", sha256)
                .query((row, _) ->
                        new EarlierSet(
                                row.getLong("id"),
                                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                                row.getString("requested_by")))
                .optional();
    }

    /// One that was just made.
    record NewSet(long id, Instant createdAt) {}

    /// Of the bytes with that hash. How many rows it has is for `count` to say, once that is known.
    NewSet create(ChangeSetRequest request, String source, String sha256) {
        return jdbc.sql(CREATE)
                .param("by", request.by())
                .param("reason", request.reason())
                .param("ticket", request.ticket())
                .param("source", source)
                .param("sha256", sha256)
                .param("notBefore", timestamp(request.notBefore()))
                .param("applyBy", timestamp(request.applyBy()))
                .param("priority", request.priority())
                .param("atomic", request.atomic())
                .query((row, _) ->
                        new NewSet(
                                row.getLong("id"),
                                row.getObject("created_at", OffsetDateTime.class).toInstant()))
                .single();
    }

    void count(NewSet set, IntakeReport report) {
        jdbc.sql(COUNT)
                .param("id", set.id())
                .param("queued", report.changes())
                .param("refused", report.bad())
                .update();
    }

    /// Tells the planner what the queue is like now. Looks at a sample, of the largest table too.
    void analyze() {
        jdbc.sql(ANALYZE).query().singleRow();
    }

    private static @Nullable OffsetDateTime timestamp(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }
}
