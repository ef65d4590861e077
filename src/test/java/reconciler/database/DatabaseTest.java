package reconciler.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import reconciler.embedded.TestPostgres;
import reconciler.fault.FaultProxy;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DatabaseTest {

    @Test
    @Timeout(30)
    void a_server_that_goes_quiet_in_a_transaction_is_given_up() throws Exception {
        DatabaseSettings direct = TestPostgres.freshDatabase();
        String[] hostAndPort =
                direct.url().replaceFirst("jdbc:postgresql://([^/]+)/.*", "$1").split(":");
        try (var proxy =
                        new FaultProxy(
                                new InetSocketAddress(
                                        hostAndPort[0], Integer.parseInt(hostAndPort[1])));
                var database =
                        Database.open(
                                new DatabaseSettings(
                                        direct.url()
                                                .replaceFirst(
                                                        "//[^/]+/",
                                                        "//127.0.0.1:" + proxy.port() + "/"),
                                        direct.user(),
                                        direct.password()),
                                2,
                                Duration.ofSeconds(1))) {
            var jdbc = JdbcClient.create(database.dataSource());
            assertThat(jdbc.sql("SHOW statement_timeout").query(String.class).single())
                    .isEqualTo("1s");
            var transaction =
                    new TransactionTemplate(
                            new DataSourceTransactionManager(database.dataSource()));

            try (var connection = database.dataSource().getConnection()) {
                assertThat(connection.getNetworkTimeout()).isEqualTo(3_000);
            }
            assertThatThrownBy(() ->
                            transaction.executeWithoutResult(_ -> {
                                jdbc.sql("SELECT 1").query().singleRow();
                                proxy.behave(new FaultProxy.Fault.BlackHole());
                                jdbc.sql("SELECT 2").query().singleRow();
                            }))
                    .satisfies(failure ->
                            assertThat(DatabaseUnusable.of(failure, "here")).isNotNull());
        }
    }
}
