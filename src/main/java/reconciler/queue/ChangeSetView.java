package reconciler.queue;

import java.time.Instant;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// How the rows of one change set stand.
public final class ChangeSetView {
    private static final String STANDING =
            """
            SELECT EXISTS (SELECT FROM reconciler.change_set s WHERE s.id = :set) AS there,
                   count(*) FILTER (WHERE c.state = 'PENDING')   AS pending,
                   count(*) FILTER (WHERE c.state = 'IN_FLIGHT') AS in_flight,
                   count(*) FILTER (WHERE c.settled_at IS NOT NULL) AS settled
              FROM reconciler.attribute_change c
             WHERE c.change_set_id = :set
            """;

    private static final String ORIGIN =
            """
            SELECT created_at, requested_by, queued_login, reason, ticket, source_name, undoes
              FROM reconciler.change_set WHERE id = :set
            """;

    private final JdbcClient jdbc;

    public ChangeSetView(DataSource dataSource) {
        jdbc = JdbcClient.create(dataSource);
    }

    /// @param exists false when there is no such set
    public record Standing(boolean exists, long pending, long inFlight, long settled) {}

    public Standing standing(long set) {
        return jdbc.sql(STANDING)
                .param("set", set)
                .query((row, _) ->
                        new Standing(
                                row.getBoolean("there"),
                                row.getLong("pending"),
                                row.getLong("in_flight"),
                                row.getLong("settled")))
                .single();
    }

    /// Where a set comes from.
    ///
    /// @param login the database login that queued it; null for sets older than that column
    /// @param source the file, or the command that made it
    /// @param undoes the set that this one takes back
    public record Origin(
            Instant createdAt,
            String requestedBy,
            @Nullable String login,
            @Nullable String reason,
            @Nullable String ticket,
            @Nullable String source,
            @Nullable Long undoes) {}

    /// Null when there is no such set.
    public @Nullable Origin origin(long set) {
        return jdbc.sql(ORIGIN)
                .param("set", set)
                .query((row, _) ->
                        new Origin(
                                Moments.instant(row, "created_at"),
                                row.getString("requested_by"),
                                row.getString("queued_login"),
                                row.getString("reason"),
                                row.getString("ticket"),
                                row.getString("source_name"),
                                row.getObject("undoes", Long.class)))
                .optional()
                .orElse(null);
    }
}
