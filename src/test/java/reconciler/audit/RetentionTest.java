package reconciler.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataAccessException;
import reconciler.database.Database;
import reconciler.embedded.TestPostgres;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RetentionTest {
    @TempDir private Path directory;
    private Database database;
    private Records records;
    private Retention retention;

    @BeforeEach
    void recordARunOfLongAgoAndOneOfToday() {
        database = Database.open(TestPostgres.freshDatabase(), 3);
        records = new Records(database.dataSource());
        records.livingIn("2020-01-15T12:00:00Z");
        records.run(1);
        records.livingIn(null);
        records.run(1);
        retention = new Retention(database.dataSource());
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void while_a_month_was_not_exported_nothing_goes() {
        assertThatThrownBy(() -> retained(24, null))
                .isInstanceOf(Refused.class)
                .hasMessage(
                        "month 2020-01 was not exported: `reconciler audit export FILE --month 2020-01` first;"
                                + " nothing was dropped");

        Verification.Report report = records.verify();
        assertThat(report.outcomes()).isEqualTo(12);
        assertThat(report.erased()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2020-01-20T00:00:00Z", "2020-02-01T00:59:59.999999Z"})
    void an_export_from_before_all_of_the_month_was_sealed_does_not_count(String moment) {
        exported(moment, "early");

        assertThatThrownBy(() -> retained(24, null))
                .isInstanceOf(Refused.class)
                .hasMessage(
                        "month 2020-01 was exported before it was over; export it again:"
                                + " `reconciler audit export FILE --month 2020-01` first; nothing was dropped");
        assertThatThrownBy(() ->
                        records.jdbc
                                .sql("SELECT audit.drop_month('outcome', '2020-01', 'ann', 'old')")
                                .query()
                                .singleRow())
                .hasMessageContaining("month 2020-01 was exported before it was over");

        exported("2020-02-01T01:00:00Z", "whole");
        assertThat(retained(24, null)).contains("outcome of 2020-01");
        assertThat(
                        records.jdbc
                                .sql(
                                        "SELECT detail FROM audit.event WHERE object = 'audit.outcome of 2020-01'")
                                .query(String.class)
                                .single())
                .isEqualTo("whole");
    }

    @Test
    void a_month_in_which_nothing_was_sealed_needs_no_export() {
        exported("2020-02-01T01:00:00Z", "whole");
        for (String parent : List.of("attempt", "outcome", "value")) {
            records.jdbc
                    .sql(
                            "CREATE TABLE audit.%1$s_p2019_12 PARTITION OF audit.%1$s FOR VALUES FROM ('2019-12-01T00:00Z') TO ('2020-01-01T00:00Z')"
                                    .formatted(parent))
                    .update();
        }

        assertThat(retained(24, null))
                .contains("outcome of 2019-12", "attempt of 2019-12", "outcome of 2020-01");
        assertThat(records.verify().first()).isEmpty();
    }

    @Test
    void what_went_before_something_broke_is_told() {
        exported("2020-02-01T01:00:00Z", "whole");
        records.jdbc
                .sql("CREATE VIEW public.mine AS SELECT run_id FROM audit.attempt_p2020_01")
                .update();
        List<String> dropped = new ArrayList<>();

        assertThatThrownBy(() -> retention.retain(24, null, "ann", dropped::add))
                .isInstanceOf(DataAccessException.class);

        assertThat(dropped).containsExactly("value of 2020-01");
        assertThat(records.verify().outcomes()).isEqualTo(12);
    }

    @Test
    void nobody_waits_behind_a_month_that_cannot_go_because_it_is_being_read() throws Exception {
        exported("2020-03-01T00:00:00Z", "whole");
        try (Connection backup = database.dataSource().getConnection()) {
            backup.setAutoCommit(false);
            backup.createStatement().executeQuery("SELECT count(*) FROM audit.value").next();
            assertTimeout(
                    Duration.ofSeconds(10),
                    () ->
                            assertThatThrownBy(() -> retained(24, null))
                                    .isInstanceOf(Refused.class)
                                    .hasMessageContaining("the audit is being read"));
            backup.rollback();
        }
        assertThat(records.verify().erased()).isZero();
    }

    @Test
    void an_exported_month_goes_and_the_rest_verifies() {
        new EvidencePack(database.dataSource())
                .ofMonth(YearMonth.of(2020, 1), "ann", new PackFile(directory.resolve("pack.zip")));

        assertThat(retained(24, null))
                .containsExactly("value of 2020-01", "attempt of 2020-01", "outcome of 2020-01");

        Verification.Report report = records.verify();
        assertThat(report.first()).isEmpty();
        assertThat(report.outcomes()).isEqualTo(6);
        assertThat(report.dropped()).isEqualTo(12);
        assertThat(retained(24, null)).isEmpty();
    }

    @Test
    void values_may_go_before_outcomes() {
        assertThat(retained(1_000, 6)).containsExactly("value of 2020-01");

        Verification.Report report = records.verify();
        assertThat(report.first()).isEmpty();
        assertThat(report.erased()).isEqualTo(6);
        assertThat(report.outcomes()).isEqualTo(12);
    }

    @Test
    void a_month_that_vanished_without_being_let_go_is_found() {
        records.jdbc.sql("DROP TABLE audit.outcome_p2020_01").update();

        assertThat(records.verify().first().getFirst()).contains("3 were deleted");
    }

    private List<String> retained(int outcomes, @Nullable Integer values) {
        List<String> dropped = new ArrayList<>();
        retention.retain(outcomes, values, "ann", dropped::add);
        return dropped;
    }

    /// As it would be on record had the month been exported then.
    private void exported(String moment, String manifest) {
        records.jdbc
                .sql(
                        """
                        INSERT INTO audit.event (occurred_at, actor, action, object, detail)
                        VALUES (:moment::timestamptz, 'ann', 'exported', 'audit of 2020-01', :manifest)
                        """)
                .param("moment", moment)
                .param("manifest", manifest)
                .update();
    }
}
