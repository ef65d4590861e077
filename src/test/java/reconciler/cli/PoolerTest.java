package reconciler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.database.Database;
import reconciler.database.DatabaseSettings;
import reconciler.embedded.PgBouncer;
import reconciler.embedded.TestPostgres;

/// The whole way behind a PgBouncer in transaction mode, with two sessions for all connections, and
/// nothing said to it for our sake.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class PoolerTest {
    @TempDir Path folder;
    @TempDir Path ofPooler;

    @Test
    @Timeout(180)
    void every_step_of_a_night_works_behind_a_pooler_in_transaction_mode() throws Exception {
        // for the roles, which are the whole server's
        TestPostgres.databaseWithRoles();
        DatabaseSettings empty = TestPostgres.emptyDatabase();
        try (var pooler = PgBouncer.before(empty, 2, ofPooler);
                Desk desk = new Desk(folder)) {
            desk.with("RECONCILER_DB_URL", pooler.to(empty).url());
            assertThat(desk.says("migrate")).satisfies(PoolerTest::endedWell);
            assertThat(desk.says("migrate").err()).contains("The tables are up to date.");
            try (Database direct = Database.open(empty, 1)) {
                var jdbc = JdbcClient.create(direct.dataSource());
                Path file = desk.write("changes.csv", changes(desk, 40));

                assertThat(desk.says("queue", file.toString(), "--by", "kim", "--reason", "tried"))
                        .satisfies(PoolerTest::endedWell);
                desk.write(
                        "quick.yml",
                        "job: quick\nselect: {approval: required}\nrate: {per-minute: 1000000}\n");
                assertThat(desk.says("plan", "1", "--job", "quick"))
                        .satisfies(PoolerTest::endedWell);
                approve(desk, jdbc);
                assertThat(desk.says("status", "--job", "quick")).satisfies(PoolerTest::endedWell);
                List<CompletableFuture<Desk.Said>> together =
                        List.of(
                                said(desk, "run", "quick", "--if-locked=wait=1m"),
                                said(desk, "run", "quick", "--if-locked=wait=1m"));
                assertThat(together).allSatisfy(run -> endedWell(run.get()));
                assertThat(states(jdbc)).isEqualTo(Map.of("APPLIED", 40L));
                assertThat(desk.says("outcomes", "--run", "1", "-o", "csv").out().lines())
                        .hasSize(41);
                assertThat(desk.says("audit", "verify")).satisfies(PoolerTest::endedWell);
                assertThat(
                                desk.says(
                                        "undo",
                                        "1",
                                        "--reason",
                                        "after all",
                                        "--job",
                                        "quick",
                                        "--yes"))
                        .satisfies(said -> assertThat(said.exit()).as(said.err()).isIn(0, 2, 3));
                assertThat(desk.says("run", "quick")).satisfies(PoolerTest::endedWell);
                assertThat(desk.says("audit", "verify")).satisfies(PoolerTest::endedWell);
                assertThat(desk.says("doctor", "-o", "jsonl").out())
                        .contains("each transaction may have another session");
            }
        }
    }

    @Test
    void what_a_pooler_refuses_for_good_is_78_and_what_may_be_over_is_69() throws Exception {
        DatabaseSettings direct = TestPostgres.freshDatabase();
        int nobody;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = socket.getLocalPort();
        }
        DatabaseSettings gone =
                new DatabaseSettings(
                        direct.url().replaceFirst("//[^/]+/", "//127.0.0.1:" + nobody + "/"),
                        direct.user(),
                        direct.password());
        try (Desk desk = new Desk(folder)) {
            try (var pooler = PgBouncer.before(direct, 2, ofPooler)) {
                desk.with("RECONCILER_DB_URL", pooler.to(direct).url() + "&options=-c%20geqo=off");
                assertThat(desk.says("status"))
                        .satisfies(said -> assertThat(said.exit()).as(said.err()).isEqualTo(78))
                        .satisfies(said ->
                                assertThat(said.err()).contains("take out options, currentSchema"));
                desk.with(
                        "RECONCILER_DB_URL",
                        pooler.to(direct).url().replaceFirst("/test_[0-9_]+", "/no_such_database"));
                assertThat(desk.says("status").exit()).isIn(69, 78);
            }
            try (var pooler = PgBouncer.before(gone, 2, ofPooler)) {
                desk.with("RECONCILER_DB_URL", pooler.to(direct).url());
                assertThat(desk.says("status"))
                        .satisfies(said -> assertThat(said.exit()).as(said.err()).isEqualTo(69));
            }
        }
    }

    /// By another login than the one that queued.
    private static void approve(Desk desk, JdbcClient jdbc) {
        jdbc.sql(
                        "DO $$ BEGIN IF to_regrole('pooled_ann') IS NULL THEN CREATE ROLE pooled_ann SUPERUSER LOGIN; END IF; END $$")
                .update();
        String pooled = desk.environment("RECONCILER_DB_URL");
        desk.with("RECONCILER_DB_URL", pooled.replaceFirst("user=[^&]*", "user=pooled_ann"))
                .with("RECONCILER_DB_USER", "pooled_ann");
        assertThat(desk.says("approve", "1", "--comment", "fine")).satisfies(PoolerTest::endedWell);
        desk.with("RECONCILER_DB_URL", pooled).with("RECONCILER_DB_USER", "postgres");
    }

    private static CompletableFuture<Desk.Said> said(Desk desk, String... command) {
        return CompletableFuture.supplyAsync(() -> desk.says(command));
    }

    private static void endedWell(Desk.Said said) {
        assertThat(said.exit()).as("%s%s", said.out(), said.err()).isZero();
    }

    private static Map<String, Long> states(JdbcClient jdbc) {
        return jdbc.sql("SELECT state, count(*) FROM reconciler.attribute_change GROUP BY state")
                .query(rows -> {
                    Map<String, Long> states = new TreeMap<>();
                    while (rows.next()) {
                        states.put(rows.getString(1), rows.getLong(2));
                    }
                    return states;
                });
    }

    private static String changes(Desk desk, int many) {
        var text =
                new StringBuilder(
                        "conversation_id,participant_id,participant_role,attribute_name,attribute_value\n");
        IntStream.range(0, many)
                .forEach(i -> {
                    var order = desk.order();
                    text.append(
                            "%s,%s,contact,tier,v%d\n"
                                    .formatted(order.conversation(), order.participant(), i));
                });
        return text.toString();
    }
}
