package reconciler.queue;

import javax.sql.DataSource;
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
}
