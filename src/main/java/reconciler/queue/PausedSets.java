package reconciler.queue;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What is not to be claimed for now: change sets, or everything. A run under way sees it with its
/// next page.
public final class PausedSets {
    private static final String ALL =
            """
            SELECT change_set_id, paused_by, reason, paused_at FROM reconciler.pause
             ORDER BY change_set_id NULLS FIRST
            """;

    private static final String PAUSE =
            """
            INSERT INTO reconciler.pause (change_set_id, paused_by, reason) VALUES (:set, :by, :reason)
            ON CONFLICT (change_set_id) DO NOTHING
            """;

    private static final String LET_GO =
            """
            DELETE FROM reconciler.pause
             WHERE change_set_id IS NOT DISTINCT FROM :set
            RETURNING change_set_id, paused_by, reason, paused_at
            """;

    private final JdbcClient jdbc;

    public PausedSets(DataSource dataSource) {
        jdbc = JdbcClient.create(dataSource);
    }

    /// @param set null: everything
    public record Paused(@Nullable Long set, String by, @Nullable String reason, Instant since) {}

    /// The pause of everything first.
    public List<Paused> all() {
        return jdbc.sql(ALL).query((row, _) -> paused(row)).list();
    }

    /// @param set one that exists; null: everything
    /// @return false when it is paused already
    public boolean pause(@Nullable Long set, String by, @Nullable String reason) {
        return jdbc.sql(PAUSE)
                        .param("set", set, Types.BIGINT)
                        .param("by", by)
                        .param("reason", reason)
                        .update()
                == 1;
    }

    /// @return the pause that is over; empty when there was none
    public Optional<Paused> letGo(@Nullable Long set) {
        return jdbc.sql(LET_GO)
                .param("set", set, Types.BIGINT)
                .query((row, _) -> paused(row))
                .optional();
    }

    private static Paused paused(ResultSet row) throws SQLException {
        return new Paused(
                row.getObject("change_set_id", Long.class),
                row.getString("paused_by"),
                row.getString("reason"),
                Moments.instant(row, "paused_at"));
    }
}
