package reconciler.queue;

import java.util.Locale;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.change.Lane;

/// On which database server, and on which line of its history, a lane has worked.
///
/// A standby that was promoted may lack the last commits of the server before it: what it shows as
/// pending may have been sent. So what waited there when the change was noticed is in doubt, and is
/// read back before anything is sent for it.
public final class ServerHistory {
    private static final String IS_ANOTHER =
            """
            SELECT (SELECT h.server FROM reconciler.server_history h
                     WHERE h.lane = :lane ORDER BY h.number DESC LIMIT 1)
                   IS DISTINCT FROM reconciler.server_incarnation()
            """;

    private static final String NOTE =
            """
            INSERT INTO reconciler.server_history (lane, server, doubtful_until)
            SELECT :lane, reconciler.server_incarnation(),
                   coalesce((SELECT max(c.id) FROM reconciler.attribute_change c), 0)
            RETURNING server, doubtful_until,
                      coalesce((SELECT h.server FROM reconciler.server_history h
                                 WHERE h.lane = :lane ORDER BY h.number DESC LIMIT 1), 'unknown') AS before
            """;

    private static final String IS_TOLD = "SELECT reconciler.server_incarnation() <> 'unknown'";

    private final JdbcClient jdbc;
    private final String lane;

    public ServerHistory(DataSource dataSource, Lane lane) {
        jdbc = JdbcClient.create(dataSource);
        this.lane = lane.name().toLowerCase(Locale.ROOT);
    }

    /// Whether the server tells which one it is; one that does not cannot be told from another.
    public boolean isTold() {
        return jdbc.sql(IS_TOLD).query(Boolean.class).single();
    }

    /// A change of the server, as it was written down.
    ///
    /// @param earlier where the lane has worked until then
    /// @param doubtfulUntil changes up to this id that wait are in doubt
    public record Noted(String earlier, String server, long doubtfulUntil) {}

    /// Whether the lane has worked elsewhere last.
    public boolean isAnother() {
        return jdbc.sql(IS_ANOTHER).param("lane", lane).query(Boolean.class).single();
    }

    /// Writes down, in the caller's transaction, that the lane works here from now on. Nobody of it
    /// is at work any more, here or where it was before.
    public Noted note() {
        return jdbc.sql(NOTE)
                .param("lane", lane)
                .query((row, _) ->
                        new Noted(
                                row.getString("before"),
                                row.getString("server"),
                                row.getLong("doubtful_until")))
                .single();
    }
}
