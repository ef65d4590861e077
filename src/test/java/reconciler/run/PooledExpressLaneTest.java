package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.Eventually;
import reconciler.database.Database;
import reconciler.database.DatabaseSettings;
import reconciler.database.Pooler;
import reconciler.embedded.PgBouncer;
import reconciler.embedded.TestPostgres;
import reconciler.simulator.Simulator;
import reconciler.simulator.SimulatorSettings;

/// The express lane behind a PgBouncer in transaction mode.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class PooledExpressLaneTest {
    private static final Duration SOON = Duration.ofMinutes(5);

    private static final String LISTENERS =
            "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN %' AND datname = current_database()";

    @TempDir private Path directory;

    @Test
    @Timeout(60)
    void without_a_way_past_the_pooler_it_looks_by_itself_and_listens_nowhere() {
        DatabaseSettings direct = TestPostgres.freshDatabase();
        try (var pooler = PgBouncer.before(direct, 2, directory);
                var scenario = scenario(pooler.to(direct));
                var lane = OpenLane.on(scenario)) {
            appliesTwice(scenario);
            assertThat(listeners(direct)).isZero();
            assertThat(lane.failures()).isEmpty();
        }
    }

    @Test
    @Timeout(60)
    void past_the_pooler_it_listens() {
        DatabaseSettings direct = TestPostgres.freshDatabase();
        try (var pooler = PgBouncer.before(direct, 2, directory);
                var scenario = scenario(listening(pooler.to(direct), direct.url()));
                var lane = OpenLane.on(scenario)) {
            Eventually.holds("it listens", () -> listeners(direct) == 1);
            appliesTwice(scenario);
            assertThat(lane.failures()).isEmpty();
            assertThat(scenario.database.hearsItself()).isTrue();
        }
    }

    @Test
    void a_listening_url_of_another_database_is_found_out() {
        DatabaseSettings direct = TestPostgres.freshDatabase();
        String another = TestPostgres.freshDatabase().url();
        try (var pooler = PgBouncer.before(direct, 2, directory);
                var database = Database.open(listening(pooler.to(direct), another), 2)) {
            assertThat(database.hearsItself()).isFalse();
        }
    }

    private static void appliesTwice(Scenario scenario) {
        for (int i = 0; i < 2; i++) {
            long change = scenario.order().applyBy(SOON).queue();
            Eventually.holds(
                    "it is applied",
                    () ->
                            scenario.count(
                                            "SELECT count(*) FROM audit.outcome WHERE status = 'APPLIED' AND change_id = "
                                                    + change)
                                    == 1);
        }
    }

    private static long listeners(DatabaseSettings direct) {
        try (Database database = Database.open(direct, 1)) {
            return JdbcClient.create(database.dataSource())
                    .sql(LISTENERS)
                    .query(Long.class)
                    .single();
        }
    }

    private static DatabaseSettings listening(DatabaseSettings pooled, String listenUrl) {
        return new DatabaseSettings(
                pooled.url(), pooled.user(), pooled.password(), listenUrl, Pooler.AUTO);
    }

    private static Scenario scenario(DatabaseSettings settings) {
        return new Scenario(settings, 8, Simulator.start(SimulatorSettings.defaults()));
    }
}
