package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import reconciler.Eventually;
import reconciler.database.Database;
import reconciler.database.DatabaseSettings;
import reconciler.database.DatabaseUnusable;
import reconciler.fault.FaultProxy;
import reconciler.fault.FaultProxy.Fault;
import reconciler.patch.ApiSettings;

/// The database goes away under a run: the run ends with "unreachable" or rides it out, and the
/// next one finishes the work.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DatabaseTroubleTest {
    private static final int ROWS = 200;
    private static final String JOB = "api: {in-flight: 16, timeout: 1s}";
    private static final String SMALL_CHUNKS = "partitions: {per-role: 4, chunk: 20}";

    /// The database looks once for a deadlock of whoever waits: a second one that waits would keep
    /// the other transaction for ever, when the first was given up.
    private static final String ONE_SETTLEMENT_AT_A_TIME = "partitions: {per-role: 1, chunk: 20}";

    /// Settlements that have written to the queue, and wait for the record.
    private static final String WAITING =
            """
            SELECT count(*) FROM pg_locks w
             WHERE NOT w.granted AND w.relation = 'audit.attempt'::regclass
               AND EXISTS (SELECT FROM pg_locks h
                            WHERE h.pid = w.pid AND h.granted AND h.mode = 'RowExclusiveLock'
                              AND h.relation = 'reconciler.attribute_change'::regclass)
            """;

    private Scenario scenario;
    private FaultProxy proxy;

    @BeforeEach
    void queue() {
        scenario =
                new Scenario(settings ->
                        settings.latency(Duration.ofMillis(20)).tokens(Set.of("token")));
        proxy = new FaultProxy(Scenario.address(scenario.database.settings()));
        for (int i = 0; i < ROWS; i++) {
            scenario.order().setting("tier", "v" + i).queue();
        }
    }

    @AfterEach
    void close() {
        proxy.close();
        scenario.close();
    }

    static Fault[] faults() {
        return new Fault[] {
            new Fault.Down(), new Fault.Reset(), new Fault.BlackHole(), new Fault.CutAnswerAfter(10)
        };
    }

    @ParameterizedTest
    @MethodSource("faults")
    @Timeout(120)
    void a_database_that_goes_away_ends_the_run_and_the_next_one_finishes(Fault fault) {
        Throwable end = runAndDisturb(() -> proxy.behave(fault));

        assertThat(DatabaseUnusable.of(end, "here"))
                .as("what the run ended with: %s", end)
                .isNotNull();
        proxy.behave(new Fault.None());
        finish();
    }

    @Test
    @Timeout(120)
    void terminated_connections_are_ridden_out_or_end_the_run_cleanly() {
        Throwable end =
                runAndDisturb(() ->
                        scenario.rows(
                                """
                                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                                 WHERE datname = current_database() AND pid <> pg_backend_pid()
                                """));

        assertThat(end == null || DatabaseUnusable.of(end, "here") != null).as("%s", end).isTrue();
        finish();
    }

    @Test
    @Timeout(120)
    void slow_statements_only_make_a_run_slower() {
        Throwable end = runAndDisturb(() -> proxy.behave(new Fault.Latency(3)));

        assertThat(end).isNull();
        booksBalance();
    }

    @ParameterizedTest
    @CsvSource({"40001, audit.outcome, INSERT", "40P01, audit.outcome, INSERT"})
    @Timeout(60)
    void what_the_database_takes_back_ends_the_run_and_the_next_one_finishes(
            String state, String table, String operation) {
        breakOnce(state, table, operation);

        Throwable end = catchThrowable(() -> scenario.run(JOB, SMALL_CHUNKS));

        assertThat(DatabaseUnusable.of(end, "here"))
                .as("%s", end)
                .isNotNull()
                .hasMessageContaining("not usable right now")
                .hasMessageContaining("taken back");
        finish();
    }

    /// Somebody else's transaction holds what a settlement is about to need, and then wants what
    /// the settlement holds; the database looks for deadlocks on the settlement's side first.
    @Test
    @Timeout(60)
    void a_deadlock_with_somebody_elses_transaction_ends_the_run_and_the_next_one_finishes()
            throws Exception {
        DatabaseSettings direct = scenario.database.settings();
        // A request for a token is put on record before any settlement, and would wait for the
        // table, too.
        scenario.with("RECONCILER_API_CLIENT_ID", "")
                .with("RECONCILER_API_CLIENT_SECRET", "")
                .with("RECONCILER_API_ACCESS_TOKEN", "token");
        CompletableFuture<Throwable> run;
        try (Connection other =
                        DriverManager.getConnection(
                                direct.url(), direct.user(), direct.password());
                Statement statement = other.createStatement()) {
            statement.execute("SET deadlock_timeout = '1min'");
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE audit.attempt IN SHARE ROW EXCLUSIVE MODE");
            run =
                    CompletableFuture.supplyAsync(() ->
                            catchThrowable(() -> scenario.run(JOB, ONE_SETTLEMENT_AT_A_TIME)));
            Eventually.holds("a settlement waits", () -> scenario.count(WAITING) > 0);
            statement.execute(
                    "UPDATE reconciler.attribute_change SET priority = priority WHERE state = 'IN_FLIGHT'");
            other.rollback();
        }

        assertThat(DatabaseUnusable.of(run.join(), "here"))
                .isNotNull()
                .hasMessageContaining("deadlock detected");
        finish();
    }

    @Test
    @Timeout(60)
    void commits_that_take_long_only_make_a_run_slower() {
        scenario.jdbc
                .sql(
                        """
                        CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql
                            AS 'BEGIN PERFORM pg_sleep(0.01); RETURN NULL; END'
                        """)
                .update();
        scenario.jdbc
                .sql(
                        """
                        CREATE CONSTRAINT TRIGGER slowness AFTER INSERT ON audit.outcome
                            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION dawdle()
                        """)
                .update();

        RunReport report = scenario.run(JOB, SMALL_CHUNKS);

        assertThat(report.exitCode()).isEqualTo(ExitCode.OK);
        booksBalance();
    }

    /// The third time; a sequence is not taken back with the transaction.
    private void breakOnce(String state, String table, String operation) {
        scenario.jdbc.sql("CREATE SEQUENCE public.hiccups").update();
        scenario.jdbc
                .sql(
                        """
                        CREATE FUNCTION hiccup() RETURNS trigger LANGUAGE plpgsql AS $$
                        BEGIN
                            IF nextval('public.hiccups') = 3 THEN
                                RAISE EXCEPTION 'taken back' USING ERRCODE = '%s';
                            END IF;
                            RETURN NULL;
                        END $$
                        """
                                .formatted(state))
                .update();
        scenario.jdbc
                .sql(
                        "CREATE TRIGGER hiccup AFTER %s ON %s FOR EACH STATEMENT EXECUTE FUNCTION hiccup()"
                                .formatted(operation, table))
                .update();
    }

    @Test
    @Timeout(120)
    void two_connections_are_enough_for_any_number_of_partitions() {
        try (Database database = through(2)) {
            RunReport report =
                    reconciliation(database)
                            .run(Scenario.request(JOB, SMALL_CHUNKS), new StopSignal(), _ -> {});

            assertThat(report.exitCode()).isEqualTo(ExitCode.OK);
            booksBalance();
        }
    }

    /// Runs over the proxy; the disturbance comes when a quarter of the rows has been sent.
    private @Nullable Throwable runAndDisturb(Runnable disturbance) {
        try (Database database = through(8)) {
            CompletableFuture<Void> disturbed =
                    CompletableFuture.runAsync(() -> {
                        Eventually.holds(
                                "a quarter was sent",
                                () -> scenario.simulator.ledger().totals().applied() >= ROWS / 4);
                        disturbance.run();
                    });
            Throwable end =
                    catchThrowable(() ->
                            reconciliation(database)
                                    .run(
                                            Scenario.request(JOB, SMALL_CHUNKS),
                                            new StopSignal(),
                                            _ -> {}));
            disturbed.join();
            return end;
        }
    }

    private void finish() {
        scenario.expireTheLease();
        RunReport report = scenario.run(JOB);
        assertThat(report.exitCode()).isEqualTo(ExitCode.OK);
        booksBalance();
    }

    private void booksBalance() {
        assertThat(
                        scenario.count(
                                "SELECT count(*) FROM reconciler.attribute_change WHERE state = 'APPLIED'"))
                .isEqualTo(ROWS);
        assertThat(scenario.rows("SELECT * FROM audit.v_reconciliation"))
                .allSatisfy(row ->
                        assertThat(row)
                                .containsEntry("without_their_outcome", 0L)
                                .containsEntry("with_a_premature_outcome", 0L));
        assertThat(scenario.simulator.ledger().totals().mostInFlight()).isEqualTo(1);
    }

    private Reconciliation reconciliation(Database database) {
        Map<String, String> settings =
                Map.of(
                        "RECONCILER_API_BASE_URL", scenario.simulator.uri().toString(),
                        "RECONCILER_API_CLIENT_ID", "demo",
                        "RECONCILER_API_CLIENT_SECRET", "demo-secret");
        return new Reconciliation(
                database.dataSource(),
                ApiSettings.of(settings::get),
                new Reconciliation.Identity("there", 2, "test", UUID::randomUUID),
                InstantSource.system(),
                new Random(3));
    }

    private Database through(int connections) {
        DatabaseSettings direct = scenario.database.settings();
        String url = scenario.urlThrough(proxy.port());
        return Database.open(
                new DatabaseSettings(url, direct.user(), direct.password()),
                connections,
                Duration.ofSeconds(3));
    }
}
