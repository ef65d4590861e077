package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import mockwebserver3.MockWebServer;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reconciler.Eventually;
import reconciler.fault.FaultProxy;
import reconciler.fault.FaultProxy.Fault;

/// What goes wrong between a run and the API while it is at work.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(60)
class ApiTroubleTest {
    private static final int ROWS = 80;
    private static final String[] PATIENT = {
        "api: {in-flight: 4, timeout: 1s}",
        "partitions: {per-role: 2, chunk: 10}",
        "unavailable: {attempts: 20, backoff: 50ms..200ms}",
        "breaker: {open: 100ms, openings: 1000}"
    };

    static Fault[] faults() {
        return new Fault[] {
            new Fault.Reset(),
            new Fault.CutAnswerAfter(0),
            new Fault.CutAnswerAfter(40),
            new Fault.HalfClose(),
            new Fault.BlackHole(),
            new Fault.Down()
        };
    }

    @ParameterizedTest
    @MethodSource("faults")
    void a_line_that_breaks_for_a_while_only_takes_time(Fault fault) {
        try (var scenario = scenario();
                var proxy =
                        new FaultProxy(
                                new InetSocketAddress(
                                        "127.0.0.1", scenario.simulator.uri().getPort()))) {
            scenario.with("RECONCILER_API_BASE_URL", "http://127.0.0.1:" + proxy.port());
            CompletableFuture<Void> disturbance =
                    meanwhile(
                            scenario,
                            () -> {
                                proxy.behave(fault);
                                new StopSignal().pause(Duration.ofMillis(300));
                                proxy.behave(new Fault.None());
                            });

            RunReport report = scenario.run(PATIENT);
            disturbance.join();

            assertThat(report.exitCode()).as(report.explanation()).isEqualTo(ExitCode.OK);
            ThreeBooks.of(scenario).agreeAfterTrouble();
        }
    }

    @Test
    void a_permission_that_is_withdrawn_ends_the_run_and_the_rest_is_pending() {
        try (var scenario = scenario()) {
            CompletableFuture<Void> disturbance =
                    meanwhile(scenario, () -> scenario.simulator.faults().add("403"));

            RunReport report = scenario.run(PATIENT);
            disturbance.join();

            assertThat(report.exitCode()).isEqualTo(ExitCode.PERMISSION);
            assertThat(report.explanation()).contains("lack a permission");
            ThreeBooks.of(scenario).agree();
            scenario.simulator.faults().clear();
            assertThat(scenario.run(PATIENT).exitCode()).isEqualTo(ExitCode.OK);
        }
    }

    @Test
    void tokens_that_expire_under_the_run_are_replaced() {
        try (var scenario =
                queued(
                        new Scenario(settings ->
                                settings.latency(Duration.ofMillis(20))
                                        .tokenLifetime(Duration.ofSeconds(1))))) {
            RunReport report = scenario.run("rate: {per-minute: 2400}", PATIENT[0], PATIENT[1]);

            assertThat(report.exitCode()).as(report.explanation()).isEqualTo(ExitCode.OK);
            assertThat(scenario.simulator.ledger().requests())
                    .filteredOn(request -> request.path().equals("/oauth/token"))
                    .hasSizeGreaterThan(1);
            ThreeBooks.of(scenario).agree();
        }
    }

    /// Forward by a day, and back by two.
    @Test
    void a_clock_that_is_set_under_the_run_changes_no_outcome() {
        try (var scenario = scenario()) {
            var offset = new AtomicLong();
            InstantSource clock = () -> Instant.now().plusSeconds(offset.get());
            CompletableFuture<Void> disturbance =
                    meanwhile(
                            scenario,
                            () -> {
                                offset.set(Duration.ofDays(1).toSeconds());
                                Eventually.holds(
                                        "half was sent",
                                        () ->
                                                scenario.simulator.ledger().totals().applied()
                                                        >= ROWS / 2);
                                offset.set(-Duration.ofDays(1).toSeconds());
                            });

            RunReport report =
                    scenario.reconciliation(clock)
                            .run(Scenario.request(PATIENT), new StopSignal(), _ -> {});
            disturbance.join();

            assertThat(report.exitCode()).as(report.explanation()).isEqualTo(ExitCode.OK);
            ThreeBooks.of(scenario).agree();
        }
    }

    @Test
    void a_host_with_a_certificate_of_its_own_making_gets_nothing_and_no_row_is_touched()
            throws IOException {
        var certificate =
                new HeldCertificate.Builder().addSubjectAlternativeName("localhost").build();
        var handshakes = new HandshakeCertificates.Builder().heldCertificate(certificate).build();
        try (var scenario = new Scenario(settings -> settings.tokens(Set.of("token")));
                var impostor = new MockWebServer()) {
            impostor.useHttps(handshakes.sslSocketFactory());
            impostor.start();
            scenario.order().queue();
            scenario.with("RECONCILER_API_CLIENT_ID", "")
                    .with("RECONCILER_API_CLIENT_SECRET", "")
                    .with("RECONCILER_API_ACCESS_TOKEN", "token")
                    .with("RECONCILER_API_BASE_URL", "https://localhost:" + impostor.getPort());

            assertThatExceptionOfType(ApiUnusable.class)
                    .isThrownBy(scenario::run)
                    .withMessageStartingWith("the API's host is not trusted, so nothing is sent:")
                    .withMessageContaining(
                            "was issued by an authority that this Java does not trust")
                    .satisfies(refused ->
                            assertThat(refused.exitCode()).isEqualTo(ExitCode.UNAVAILABLE));

            assertThat(impostor.getRequestCount()).isZero();
            assertThat(scenario.rows("SELECT state, attempts FROM reconciler.attribute_change"))
                    .singleElement()
                    .satisfies(row ->
                            assertThat(row)
                                    .containsEntry("state", "PENDING")
                                    .containsEntry("attempts", 0));
        }
    }

    private static Scenario scenario() {
        return queued(new Scenario(settings -> settings.latency(Duration.ofMillis(20))));
    }

    private static Scenario queued(Scenario scenario) {
        for (int i = 0; i < ROWS; i++) {
            scenario.order().setting("tier", "v" + i).queue();
        }
        return scenario;
    }

    private static CompletableFuture<Void> meanwhile(Scenario scenario, Runnable disturbance) {
        return CompletableFuture.runAsync(() -> {
            Eventually.holds(
                    "a quarter was sent",
                    () -> scenario.simulator.ledger().totals().applied() >= ROWS / 4);
            disturbance.run();
        });
    }
}
