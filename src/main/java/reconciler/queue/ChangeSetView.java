package reconciler.queue;

import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Questions about change sets; changes nothing.
public final class ChangeSetView {
    private static final String STANDING =
            DueRows.in(
                    """
                    SELECT EXISTS (SELECT FROM reconciler.change_set s WHERE s.id = :set) AS there,
                           count(*) FILTER (WHERE c.state = 'PENDING')   AS pending,
                           count(*) FILTER (WHERE c.state = 'IN_FLIGHT') AS in_flight,
                           count(*) FILTER (WHERE c.settled_at IS NOT NULL) AS settled
                      FROM {of_set} AS c
                    """);

    private static final String ORIGIN =
            """
            SELECT created_at, requested_by, queued_login, reason, ticket, source_name, undoes
              FROM reconciler.change_set WHERE id = :set
            """;

    private static final String LAST =
            """
            SELECT s.id, s.created_at, s.requested_by, s.reason, s.ticket, s.source_name,
                   CASE WHEN s.approved_until > clock_timestamp() THEN s.approved_by END AS approved_by,
                   c.rows, c.waiting, c.in_force, c.over
              FROM (SELECT id, created_at, requested_by, reason, ticket, source_name, approved_by, approved_until
                      FROM reconciler.change_set ORDER BY id DESC LIMIT :most) AS s
             CROSS JOIN LATERAL (
                   SELECT count(*) AS rows,
                          count(*) FILTER (WHERE a.state IN ('PENDING', 'IN_FLIGHT')) AS waiting,
                          count(*) FILTER (WHERE a.state IN ('APPLIED', 'UNCHANGED')) AS in_force,
                          count(*) FILTER (WHERE a.settled_at IS NOT NULL AND a.state NOT IN ('APPLIED', 'UNCHANGED')) AS over
                     FROM reconciler.attribute_change a
                    WHERE a.change_set_id >= s.id AND a.change_set_id <= s.id) AS c
             ORDER BY s.id DESC
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

    /// One set, as a list shows it.
    ///
    /// @param waiting rows that are not over
    /// @param inForce rows that were applied or found already so
    /// @param over rows that ended otherwise
    /// @param approvedBy null when no approval holds
    public record Line(
            long set,
            Instant createdAt,
            String requestedBy,
            @Nullable String reason,
            @Nullable String ticket,
            @Nullable String source,
            @Nullable String approvedBy,
            long rows,
            long waiting,
            long inForce,
            long over) {}

    /// The latest sets, the newest first.
    public List<Line> last(int most) {
        return jdbc.sql(LAST)
                .param("most", most)
                .query((row, _) ->
                        new Line(
                                row.getLong("id"),
                                Moments.instant(row, "created_at"),
                                row.getString("requested_by"),
                                row.getString("reason"),
                                row.getString("ticket"),
                                row.getString("source_name"),
                                row.getString("approved_by"),
                                row.getLong("rows"),
                                row.getLong("waiting"),
                                row.getLong("in_force"),
                                row.getLong("over")))
                .list();
    }
}
