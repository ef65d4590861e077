package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.OffsetDateTime;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class PaceOutageTest {
    @Test
    void without_the_shared_pace_nothing_is_sent_and_the_run_says_so() {
        try (var scenario = new Scenario()) {
            long one = scenario.order().queue();
            long other = scenario.order().queue();
            scenario.jdbc.sql("ALTER TABLE reconciler.rate RENAME TO out_of_reach").update();

            RunReport report = scenario.run();

            assertThat(report.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
            assertThat(report.explanation())
                    .startsWith("the database cannot be asked")
                    .endsWith("relation \"reconciler.rate\" does not exist");
            assertThat(report.statistics().requests()).isZero();
            assertThat(scenario.orders.state(one)).isEqualTo("PENDING");
            assertThat(scenario.orders.state(other)).isEqualTo("PENDING");
        }
    }

    @Test
    void a_pause_that_another_process_was_asked_for_is_waited_out() {
        try (var scenario = new Scenario()) {
            scenario.order().queue();
            scenario.jdbc
                    .sql(
                            """
                            INSERT INTO reconciler.rate (name, limited_until)
                            VALUES (:name, clock_timestamp() + interval '2 seconds')
                            """)
                    .param("name", scenario.simulator.uri().getAuthority() + " client demo")
                    .update();
            var until =
                    scenario.jdbc
                            .sql("SELECT limited_until FROM reconciler.rate")
                            .query(OffsetDateTime.class)
                            .single()
                            .toInstant();

            RunReport report = scenario.run();

            assertThat(report.exitCode()).isEqualTo(ExitCode.OK);
            assertThat(scenario.simulator.ledger().requests())
                    .filteredOn(request -> request.method().equals("PATCH"))
                    .singleElement()
                    .satisfies(patch -> assertThat(patch.at()).isAfterOrEqualTo(until));
        }
    }
}
