package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import reconciler.Eventually;
import reconciler.audit.Verification;
import reconciler.database.DatabaseSettings;
import reconciler.embedded.InstalledPostgres;
import reconciler.fault.FaultProxy;
import reconciler.simulator.SeenRequest;
import reconciler.simulator.Simulator;
import reconciler.simulator.SimulatorSettings;

/// A standby that lacks the last commits takes the place of the database: what had been sent and
/// settled waits there as if nothing had been done for it.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class FailoverTest {
    private static final int ROWS = 120;

    private static final String[] JOB = {
        "rate: {per-minute: 3000}",
        "partitions: {per-role: 2, chunk: 5}",
        "api: {in-flight: 8, timeout: 1s}"
    };

    @Test
    @Timeout(120)
    void after_a_failover_that_lost_commits_nothing_is_repeated_blindly(@TempDir Path directory) {
        String missing = InstalledPostgres.missing();
        assumeTrue(missing == null, missing);
        try (var primary = InstalledPostgres.start(directory.resolve("primary"))) {
            DatabaseSettings settings = primary.freshDatabase("reconciler");
            try (var standby = primary.standby(directory.resolve("standby"));
                    var proxy = new FaultProxy(primary.address());
                    var scenario = scenario(settings, proxy)) {
                for (int i = 0; i < ROWS; i++) {
                    scenario.order().queue();
                }
                CompletableFuture<RunReport> run =
                        CompletableFuture.supplyAsync(() -> scenario.run(JOB));
                settled(jdbc(standby), 20);
                standby.cutOff();
                settled(jdbc(primary), settled(jdbc(standby), 0) + 20);
                primary.crash();
                standby.promote();
                long lost = requests(scenario) - settled(jdbc(standby), 0);
                proxy.leadTo(standby.address());
                long failover = requests(scenario);

                assertThat(
                                run.handle((report, failure) ->
                                                failure != null
                                                        || report.exitCode() == ExitCode.LOCKED
                                                        || report.exitCode()
                                                                == ExitCode.UNAVAILABLE)
                                        .join())
                        .as("the run before ends")
                        .isTrue();
                scenario.awaitDatabase();
                RunReport next = scenario.run(JOB);

                assertThat(next.exitCode()).as(next.explanation()).isEqualTo(ExitCode.OK);
                assertThat(next.recovery()).contains("the database has failed over");
                assertThat(lost).as("requests of which this server knew nothing").isPositive();
                assertThat(repeatedBlindly(scenario, failover)).isEmpty();
                assertThat(scenario.count("SELECT count(*) FROM audit.outcome")).isEqualTo(ROWS);
                assertThat(scenario.count("SELECT count(DISTINCT change_id) FROM audit.outcome"))
                        .isEqualTo(ROWS);
                assertThat(
                                scenario.count(
                                        "SELECT count(*) FROM audit.outcome WHERE status = 'APPLIED' AND confirmed_by = 'read-back'"))
                        .as("found by the read")
                        .isPositive();
                assertThat(
                                scenario.count(
                                        "SELECT count(*) FROM audit.event WHERE action = 'noticed a failover'"))
                        .isEqualTo(1);
                assertThat(
                                new Verification(scenario.database.dataSource())
                                        .verify(null, List.of())
                                        .first())
                        .isEmpty();
                noticedOnce(scenario);
            }
        }
    }

    private static void noticedOnce(Scenario scenario) {
        long change = scenario.order().queue();
        RunReport later = scenario.run(JOB);
        assertThat(later.recovery()).isNull();
        assertThat(scenario.outcome(change)).containsEntry("in_doubt", false);
    }

    /// Participants that were sent a PATCH before the failover, and one after it without a read in
    /// between.
    private static List<String> repeatedBlindly(Scenario scenario, long failover) {
        Map<String, List<SeenRequest>> byConversation =
                ThreeBooks.requests(scenario).stream()
                        .collect(Collectors.groupingBy(SeenRequest::conversationId));
        return byConversation.entrySet().stream()
                .filter(entry -> isRepeatedBlindly(entry.getValue(), failover))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static boolean isRepeatedBlindly(List<SeenRequest> requests, long failover) {
        boolean sent =
                requests.stream()
                        .anyMatch(seen ->
                                seen.sequence() <= failover && seen.method().equals("PATCH"));
        return sent
                && requests.stream()
                        .filter(seen -> seen.sequence() > failover)
                        .findFirst()
                        .filter(seen -> seen.method().equals("PATCH"))
                        .isPresent();
    }

    private static Scenario scenario(DatabaseSettings settings, FaultProxy proxy) {
        var through =
                new DatabaseSettings(
                        settings.url()
                                .replaceFirst("//[^/]+/", "//127.0.0.1:" + proxy.port() + "/"),
                        settings.user(),
                        settings.password());
        return new Scenario(
                through,
                8,
                Simulator.start(SimulatorSettings.with().latency(Duration.ofMillis(20)).build()));
    }

    private static JdbcClient jdbc(InstalledPostgres server) {
        return JdbcClient.create(new DriverManagerDataSource(server.settings("reconciler").url()));
    }

    private static long settled(JdbcClient jdbc, long enough) {
        String count = "SELECT count(*) FROM audit.outcome";
        Eventually.holds(
                enough + " rows are settled",
                () -> jdbc.sql(count).query(Long.class).single() >= enough);
        return jdbc.sql(count).query(Long.class).single();
    }

    private static long requests(Scenario scenario) {
        return scenario.simulator.ledger().totals().requests();
    }
}
