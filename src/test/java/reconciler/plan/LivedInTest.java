package reconciler.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import reconciler.database.Database;
import reconciler.embedded.LivedInQueue;
import reconciler.embedded.LivedInQueue.Statistics;
import reconciler.embedded.OldestPostgres;

/// No statement depends on what the planner believes, or on how many rows are settled: each reads a
/// bounded number of blocks a row, whatever the statistics say, by plans made for the values and by
/// plans made for any.
///
/// `-Dsettled` rows on the newest Postgres, `-Dsettled-oldest` on the oldest; `-Drecorded` of them
/// have outcomes. The full form has 5,000,000 on both.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class LivedInTest {
    private static final long SETTLED = Long.getLong("settled", 5_000_000);
    private static final long SETTLED_OLDEST = Long.getLong("settled-oldest", 200_000);
    private static final long RECORDED = Long.getLong("recorded", 100_000);

    private static final List<String> PLANS = List.of("auto", "force_generic_plan");

    @Test
    void on_the_newest_postgres_no_statement_reads_more_than_its_rows_need() throws IOException {
        measure(EmbeddedPostgres.builder(), SETTLED);
    }

    @Test
    void on_the_oldest_postgres_no_statement_reads_more_than_its_rows_need() throws IOException {
        assumeTrue(
                OldestPostgres.isHere(),
                "the binaries of the oldest Postgres are not in target/postgres-15: mvn process-test-resources puts them there on"
                        + " Linux on x86-64");
        measure(OldestPostgres.in(EmbeddedPostgres.builder()), SETTLED_OLDEST);
    }

    private static void measure(EmbeddedPostgres.Builder builder, long settled) throws IOException {
        long began = System.nanoTime();
        try (var queue = new LivedInQueue(builder, settled, Math.min(RECORDED, settled))) {
            System.out.printf(
                    "Postgres %s: %,d settled rows, %,d outcomes, loaded in %d s%n",
                    queue.version(),
                    settled,
                    queue.recorded(),
                    (System.nanoTime() - began) / 1_000_000_000);
            var table = new Table();
            for (Statistics statistics : Statistics.values()) {
                for (String plans : PLANS) {
                    queue.tell(statistics);
                    try (Database sessions = queue.sessions(plans)) {
                        measure(queue, sessions, statistics, table);
                    }
                }
            }
            System.out.println(table);
            assertThat(table.excesses()).isEmpty();
        }
    }

    private static void measure(
            LivedInQueue queue, Database sessions, Statistics statistics, Table table) {
        for (LivedInStatements.One one : new LivedInStatements(queue, sessions).all()) {
            long before = queue.blocks(sessions);
            long rows = one.work().getAsLong();
            double blocks = (double) (queue.blocks(sessions) - before) / Math.max(1, rows);
            table.add(one, statistics, blocks, rows);
        }
    }

    /// Statement, statistics, blocks a row: the more of both kinds of plans.
    private static final class Table {
        private final Map<String, Map<Statistics, Double>> lines = new LinkedHashMap<>();
        private final List<String> excesses = new ArrayList<>();

        void add(LivedInStatements.One one, Statistics statistics, double blocks, long rows) {
            lines.computeIfAbsent(one.name(), _ -> new EnumMap<>(Statistics.class))
                    .merge(statistics, blocks, Math::max);
            if (rows == 0) {
                excesses.add(one.name() + ", " + statistics + ": did nothing");
            }
            if (blocks > one.most()) {
                excesses.add(
                        "%s, %s: %.1f blocks a row, more than %d"
                                .formatted(one.name(), statistics, blocks, one.most()));
            }
        }

        List<String> excesses() {
            return excesses;
        }

        @Override
        public String toString() {
            var text = new StringBuilder("| blocks a row |");
            for (Statistics statistics : Statistics.values()) {
                text.append(' ')
                        .append(
                                statistics
                                        .name()
                                        .toLowerCase(java.util.Locale.ROOT)
                                        .replace('_', ' '))
                        .append(" |");
            }
            text.append("\n|---|---|---|---|---|---|\n");
            lines.forEach((name, line) -> {
                text.append("| ").append(name).append(" |");
                line.values().forEach(blocks -> text.append(" %.1f |".formatted(blocks)));
                text.append('\n');
            });
            return text.toString();
        }
    }
}
