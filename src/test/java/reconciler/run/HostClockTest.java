package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Promise 13: deadlines go by the database's clock. The clock of the host may be off by hours.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class HostClockTest {
    @ParameterizedTest
    @ValueSource(ints = {-2, 0, 2})
    void a_row_is_sent_before_its_apply_by_and_expires_after_it_whatever_the_host_says(int hours) {
        try (var scenario = new Scenario()) {
            long late = scenario.order().applyBy(Duration.ofHours(-1)).queue();
            long early = scenario.order().applyBy(Duration.ofHours(1)).queue();

            scenario.reconciliation(off(hours)).run(Scenario.request(), new StopSignal(), _ -> {});

            assertThat(scenario.outcome(late))
                    .containsEntry("status", "EXPIRED")
                    .containsEntry("attempts", 0);
            assertThat(scenario.outcome(early)).containsEntry("status", "APPLIED");
            assertThat(scenario.simulator.ledger().writes()).hasSize(1);
            assertThat(
                            scenario.count(
                                    """
                                    SELECT count(*) FROM audit.v_attempt
                                     WHERE started_at NOT BETWEEN now() - interval '1 minute' AND now()
                                    """))
                    .as("requests at another time than the database's")
                    .isZero();
            ThreeBooks.of(scenario).agree();
        }
    }

    private static InstantSource off(int hours) {
        return () -> InstantSource.system().instant().plus(Duration.ofHours(hours));
    }

    @Test
    void a_row_whose_apply_by_was_put_off_meanwhile_does_not_expire() {
        try (var scenario = new Scenario()) {
            long change = scenario.order().applyBy(Duration.ofMillis(600)).queue();
            // Whoever held the row back lets it go later.
            scenario.simulator.faults().add("429 times=1 retry-after=1");
            scenario.jdbc
                    .sql(
                            """
                            CREATE FUNCTION public.put_off() RETURNS trigger LANGUAGE plpgsql AS $$
                            BEGIN
                                NEW.apply_by := NEW.apply_by + interval '1 hour';
                                RETURN NEW;
                            END $$;
                            CREATE TRIGGER put_off BEFORE UPDATE ON reconciler.attribute_change
                                FOR EACH ROW WHEN (NEW.state = 'IN_FLIGHT') EXECUTE FUNCTION public.put_off()
                            """)
                    .update();

            scenario.run();

            assertThat(scenario.orders.state(change)).isEqualTo("APPLIED");
            ThreeBooks.of(scenario).agree();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-2h", "+2h"})
    void a_process_whose_host_is_two_hours_off_goes_by_the_database(
            String offset, @TempDir Path directory) throws Exception {
        Path faketime = faketime();
        assumeTrue(
                Files.exists(faketime),
                "not run: libfaketimeMT.so.1 is not installed (Debian: apt-get install faketime)");
        try (var scenario = new Scenario()) {
            long late = scenario.order().applyBy(Duration.ofMinutes(-10)).queue();
            long early = scenario.order().applyBy(Duration.ofMinutes(10)).queue();

            Installed.Ended run =
                    Installed.in(directory, scenario)
                            .with("LD_PRELOAD", faketime.toString())
                            .with("FAKETIME", offset)
                            .with("FAKETIME_DONT_FAKE_MONOTONIC", "1")
                            .says("run", "quick");

            assertThat(run.exit()).as(run.err()).isEqualTo(3);
            assertThat(scenario.orders.state(late)).isEqualTo("EXPIRED");
            assertThat(scenario.orders.state(early)).isEqualTo("APPLIED");
            ThreeBooks.of(scenario).agree();
        }
    }

    private static Path faketime() throws IOException {
        try (Stream<Path> machines = Files.list(Path.of("/usr/lib"))) {
            return machines.map(machine -> machine.resolve("faketime/libfaketimeMT.so.1"))
                    .filter(Files::exists)
                    .findFirst()
                    .orElse(Path.of("none"));
        }
    }
}
