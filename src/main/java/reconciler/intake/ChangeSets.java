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
                   (requested_by, reason, ticket, source_name, source_sha256, rows_queued, rows_refused, not_before, apply_by,
                    priority, atomic)
            VALUES (:by, :reason, :ticket, :source, :sha256, :queued, :refused, :notBefore::timestamptz, :applyBy::timestamptz, :priority,
                    :atomic)
            RETURNING id
            """;

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

    /// @return the new set's id
    long create(ChangeSetRequest request, IntakeReport report) {
        return jdbc.sql(CREATE)
                .param("by", request.by())
                .param("reason", request.reason())
                .param("ticket", request.ticket())
                .param("source", report.source())
                .param("sha256", report.sha256())
                .param("queued", report.changes())
                .param("refused", report.bad())
                .param("notBefore", timestamp(request.notBefore()))
                .param("applyBy", timestamp(request.applyBy()))
                .param("priority", request.priority())
                .param("atomic", request.atomic())
                .query((row, _) -> row.getLong("id"))
                .single();
    }

    private static @Nullable OffsetDateTime timestamp(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }
}
