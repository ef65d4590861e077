package reconciler.database;

import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Function;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Says something on a channel of its own, and listens whether it comes.
///
/// @param doorbells listens to a channel
record EchoTest(DataSource dataSource, Function<String, Doorbell> doorbells) {
    private static final Duration MOST = Duration.ofSeconds(5);

    private static final String SAY = "SELECT pg_notify(:channel, '') IS NULL AS said";

    /// @throws DatabaseUnusable when nothing can be listened to
    boolean passes() {
        String channel = "reconciler_echo_" + UUID.randomUUID().toString().replace("-", "");
        try (Doorbell doorbell = doorbells.apply(channel)) {
            doorbell.rang(MOST);
            JdbcClient.create(dataSource)
                    .sql(SAY)
                    .param("channel", channel)
                    .query(Boolean.class)
                    .single();
            return doorbell.rang(MOST);
        } catch (SQLException failure) {
            throw DatabaseUnusable.whileListening(failure);
        }
    }
}
