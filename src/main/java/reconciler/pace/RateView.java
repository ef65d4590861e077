package reconciler.pace;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Which allowances the API wants left alone at the moment.
public final class RateView {
    private static final String PAUSED =
            """
            SELECT name, limited_until - ahead_micros * interval '1 microsecond' AS limited_until FROM reconciler.rate
             WHERE limited_until > clock_timestamp() + ahead_micros * interval '1 microsecond' ORDER BY name
            """;

    private static final String STANDBY = "SELECT pg_is_in_recovery() AS standby";

    private final JdbcClient jdbc;

    public RateView(DataSource dataSource) {
        jdbc = JdbcClient.create(dataSource);
    }

    /// @param name host and client
    public record Paused(String name, Instant until) {}

    /// None on a standby, which has not got the table: it is unlogged.
    public List<Paused> paused() {
        if (jdbc.sql(STANDBY).query(Boolean.class).single()) {
            return List.of();
        }
        return jdbc.sql(PAUSED)
                .query((row, _) ->
                        new Paused(
                                row.getString("name"),
                                row.getObject("limited_until", OffsetDateTime.class).toInstant()))
                .list();
    }
}
