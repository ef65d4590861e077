package reconciler.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.YearMonth;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
    void a_month_that_was_not_exported_stays() {
        assertThatThrownBy(() -> retention.retain(24, null, "ann"))
                .isInstanceOf(Refused.class)
                .hasMessage(
                        "month 2020-01 was not exported: `reconciler audit export --month 2020-01` first");
        assertThat(
                        records.jdbc
                                .sql("SELECT count(*) FROM audit.outcome")
                                .query(Long.class)
                                .single())
                .isEqualTo(12);
    }

    @Test
    void an_exported_month_goes_and_the_rest_verifies() {
        new EvidencePack(database.dataSource())
                .ofMonth(YearMonth.of(2020, 1), "ann", new PackFile(directory.resolve("pack.zip")));

        assertThat(retention.retain(24, null, "ann"))
                .containsExactly("value of 2020-01", "attempt of 2020-01", "outcome of 2020-01");

        Verification.Report report = records.verify();
        assertThat(report.first()).isEmpty();
        assertThat(report.outcomes()).isEqualTo(6);
        assertThat(report.dropped()).isEqualTo(12);
        assertThat(retention.retain(24, null, "ann")).isEmpty();
    }

    @Test
    void values_may_go_before_outcomes() {
        assertThat(retention.retain(1_000, 6, "ann")).containsExactly("value of 2020-01");

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
}
