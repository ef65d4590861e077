package reconciler.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.sql.Connection;
import java.time.Duration;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.database.Database;
import reconciler.embedded.TestPostgres;

/// Where the coming months go.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class MonthsAheadTest {
    private static final String NAME =
            "audit.value_p"
                    + YearMonth.now(ZoneOffset.UTC)
                            .plusMonths(3)
                            .format(DateTimeFormatter.ofPattern("yyyy_MM", Locale.ROOT));

    @Test
    void nobody_waits_for_a_month_to_come_behind_who_reads_all_of_them() throws Exception {
        try (Database database = Database.open(TestPostgres.freshDatabase(), 3)) {
            JdbcClient jdbc = JdbcClient.create(database.dataSource());
            jdbc.sql("DROP TABLE " + NAME).update();
            try (Connection backup = database.dataSource().getConnection()) {
                backup.setAutoCommit(false);
                backup.createStatement().executeQuery("SELECT count(*) FROM audit.value").next();

                assertTimeout(Duration.ofSeconds(10), () -> assertThat(created(jdbc)).isEqualTo(0));

                assertThat(isThere(jdbc)).isFalse();
                backup.rollback();
            }
            assertThat(created(jdbc)).isEqualTo(1);
            assertThat(isThere(jdbc)).isTrue();
        }
    }

    private static int created(JdbcClient jdbc) {
        return jdbc.sql("SELECT audit.ensure_partitions()").query(Integer.class).single();
    }

    private static boolean isThere(JdbcClient jdbc) {
        return jdbc.sql("SELECT to_regclass(:name) IS NOT NULL")
                .param("name", NAME)
                .query(Boolean.class)
                .single();
    }
}
