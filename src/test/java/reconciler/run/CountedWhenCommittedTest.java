package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/// What could not be committed is in no count.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class CountedWhenCommittedTest {
    /// The third page is refused at its COMMIT.
    private static final String REFUSES_A_COMMIT =
            """
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS '
            BEGIN
                IF (SELECT count(*) FROM audit.outcome_key) > 10 THEN
                    RAISE EXCEPTION ''refused at the commit'';
                END IF;
                RETURN NULL;
            END';
            CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON audit.outcome_key
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()
            """;

    @Test
    void a_page_whose_commit_fails_is_not_counted() {
        try (var scenario = new Scenario()) {
            for (int i = 0; i < 30; i++) {
                scenario.order().queue();
            }
            scenario.jdbc.sql(REFUSES_A_COMMIT).update();
            var progress = new AtomicReference<RunProgress>();

            assertThatThrownBy(() ->
                            scenario.reconciliation()
                                    .run(
                                            Scenario.request("partitions: {per-role: 1, chunk: 5}"),
                                            new StopSignal(),
                                            progress::set))
                    .hasStackTraceContaining("refused at the commit");

            assertThat(progress.get().tally().total().done())
                    .isEqualTo(scenario.count("SELECT count(*) FROM audit.outcome"))
                    .isEqualTo(10);
            scenario.jdbc.sql("DROP FUNCTION refuse() CASCADE").update();
            RunReport next = scenario.run();
            assertThat(next.total().planned()).isEqualTo(20);
            assertThat(next.total().done()).isEqualTo(20);
            assertThat(scenario.count("SELECT count(*) FROM audit.outcome")).isEqualTo(30);
        }
    }
}
