package reconciler.pace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import reconciler.Eventually;
import reconciler.database.Database;
import reconciler.database.DatabaseUnusable;
import reconciler.embedded.TestPostgres;
import reconciler.outcome.Pauses;
import reconciler.patch.ApiContract;
import reconciler.patch.ApiSettings;
import reconciler.patch.Credentials;
import reconciler.patch.Rate;

/// On a real Postgres and in real time.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Tag("alone")
class RateBucketTest {
    private static final RateKey KEY = new RateKey("api.example.org client demo");
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final Database database = Database.open(TestPostgres.freshDatabase(), 4);
    private final JdbcClient jdbc = JdbcClient.create(database.dataSource());

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void two_processes_together_get_the_rate_and_no_more() throws Exception {
        assertTwoHundredASecond(admissions(400, pace(12_000), pace(12_000)));
    }

    @Test
    void so_do_a_run_and_who_has_as_much_to_send_though_it_is_now_and_then() throws Exception {
        assertTwoHundredASecond(admissions(400, pace(12_000), few(12_000)));
    }

    private static void assertTwoHundredASecond(List<Long> grants) {
        double seconds = (grants.getLast() - grants.getFirst()) / 1e9;
        System.out.printf("400 requests at 200/s by two processes: %.3f s%n", seconds);
        assertThat(seconds).isBetween(1.95, 2.6);
        for (int i = 200; i < grants.size(); i++) {
            assertThat(grants.get(i) - grants.get(i - 200))
                    .as("from request %d to the 200th after it", i - 200)
                    .isGreaterThan(SECOND - Duration.ofMillis(60).toNanos());
        }
    }

    @Test
    void a_retry_after_that_one_process_saw_pauses_the_other() throws Exception {
        SharedPace one = pace(6_000);
        SharedPace other = pace(6_000);
        admissions(10, one, other);

        long heldAt = System.nanoTime();
        one.hold(Duration.ofSeconds(1));
        List<Long> grants = admissions(60, other);

        long resumedAt =
                grants.stream()
                        .filter(grant -> grant - heldAt > SECOND / 2)
                        .findFirst()
                        .orElseThrow();
        assertThat(resumedAt - heldAt).isBetween(SECOND, 2 * SECOND);
        assertThat(grants)
                .as("slots that were reserved before the pause: 20 ms on a quiet machine")
                .filteredOn(grant -> grant < resumedAt)
                .hasSizeLessThanOrEqualTo(40);
    }

    @Test
    void a_ceiling_that_is_none_slows_nobody_down() throws Exception {
        SharedPace pace = pace(1_000_000);
        admissions(1_000, pace);

        List<Long> grants = admissions(10_000, pace);

        double perSecond = 10_000e9 / (grants.getLast() - grants.getFirst());
        System.out.printf("at 1000000 a minute: %.0f admissions/s%n", perSecond);
        assertThat(perSecond).isBetween(3_000.0, 18_000.0);
    }

    @Test
    void a_pause_is_everybodys_and_is_never_shortened() {
        RateBucket one = bucket(System::nanoTime);
        RateBucket other = bucket(System::nanoTime);
        assertThat(other.pause()).isZero();

        one.limit(Duration.ofSeconds(30));
        one.limit(Duration.ofSeconds(2));

        assertThat(other.pause()).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(30));
        assertThat(new RateView(database.dataSource()).paused())
                .singleElement()
                .satisfies(paused -> {
                    assertThat(paused.name()).isEqualTo(KEY.name());
                    assertThat(Duration.between(Instant.now(), paused.until()))
                            .isBetween(Duration.ofSeconds(20), Duration.ofSeconds(31));
                });
    }

    @Test
    void a_pause_that_is_over_is_not_shown() {
        bucket(System::nanoTime).limit(Duration.ofMillis(1));
        bucket(System::nanoTime).limit(Duration.ofMillis(-1));
        assertThat(
                        jdbc.sql("SELECT pg_sleep(0.01), count(*) AS rows FROM reconciler.rate")
                                .query((row, _) -> row.getLong("rows"))
                                .single())
                .isEqualTo(1);
        assertThat(new RateView(database.dataSource()).paused()).isEmpty();
    }

    @Test
    void a_host_whose_clock_runs_ahead_takes_nothing_from_the_others() {
        RateBucket ahead = bucket(() -> System.nanoTime() + Duration.ofHours(1).toNanos());
        RateBucket right = bucket(System::nanoTime);
        reserve(ahead, SECOND);

        long now = System.nanoTime();
        long begin = reserve(right, SECOND);

        assertThat(begin - now).isBetween(SECOND / 2, SECOND);
    }

    @Test
    void what_was_reserved_by_one_is_not_given_to_the_other() {
        RateBucket one = bucket(System::nanoTime);
        RateBucket other = bucket(System::nanoTime);
        long first = reserve(one, 60 * SECOND);
        long second = reserve(other, 60 * SECOND);
        long third = reserve(one, 60 * SECOND);

        assertThat(second - first).isBetween(59 * SECOND, 61 * SECOND);
        assertThat(third - second).isBetween(59 * SECOND, 61 * SECOND);
    }

    @Test
    void an_idle_bucket_has_saved_up_no_more_than_its_slack() {
        RateBucket bucket = bucket(System::nanoTime);
        long now = System.nanoTime();
        assertThat(reserve(bucket, SECOND) - now)
                .isBetween(-RateBucket.SLACK.toNanos(), SECOND / 10);
    }

    @Test
    void a_clock_that_is_set_back_neither_stops_the_bucket_nor_fills_it() throws Exception {
        SharedPace one = pace(12_000);
        setTheClock(3600);
        admissions(20, one);
        awaitMark();

        setTheClock(0);

        assertTwoHundredASecond(admissions(400, one, pace(12_000)));
    }

    @Test
    void a_clock_that_is_set_forward_fills_no_bucket() throws Exception {
        SharedPace one = pace(12_000);
        SharedPace other = pace(12_000);
        admissions(20, one, other);

        setTheClock(3600);

        List<Long> grants = admissions(400, one, other);
        assertThat((grants.getLast() - grants.getFirst()) / 1e9)
                .as("what one had reserved, the other may use once more, and nothing else")
                .isBetween(1.7, 2.6);
    }

    @Test
    void a_clock_that_is_set_forward_ends_no_pause_that_a_process_knows_of() throws Exception {
        SharedPace one = pace(6_000);
        SharedPace other = pace(6_000);
        admissions(10, one, other);
        long heldAt = System.nanoTime();
        one.hold(Duration.ofSeconds(3));
        CompletableFuture<List<Long>> waiting =
                CompletableFuture.supplyAsync(() -> admissionsOf(other, 60));
        Eventually.holds("it knows", () -> System.nanoTime() - heldAt > 2 * SECOND);

        setTheClock(3600);

        assertThat(waiting.get(20, TimeUnit.SECONDS))
                .as("what was reserved before the pause is gone; the rest waits")
                .filteredOn(grant -> grant - heldAt > SECOND / 2)
                .allSatisfy(grant -> assertThat(grant - heldAt).isGreaterThan(3 * SECOND - 1));
    }

    @Test
    void a_pause_is_shown_as_long_as_it_is_though_the_clock_was_set_back() {
        RateBucket bucket = bucket(System::nanoTime);
        setTheClock(3600);
        bucket.limit(Duration.ofSeconds(30));

        assertThat(bucket.pause()).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(30));
        assertThat(new RateView(database.dataSource()).paused())
                .singleElement()
                .satisfies(paused ->
                        assertThat(Duration.between(Instant.now(), paused.until()))
                                .isBetween(Duration.ofSeconds(20), Duration.ofSeconds(31)));
    }

    /// As far as the bucket can tell: its time is the server's and what it is ahead of that.
    private void setTheClock(int secondsAhead) {
        jdbc.sql(
                        """
                        INSERT INTO reconciler.rate (name, ahead_micros) VALUES (:name, :ahead)
                        ON CONFLICT (name) DO UPDATE SET ahead_micros = excluded.ahead_micros
                        """)
                .param("name", KEY.name())
                .param("ahead", secondsAhead * 1_000_000L)
                .update();
    }

    private void awaitMark() {
        Eventually.holds(
                "how far the time has come is on record",
                () ->
                        jdbc.sql(
                                        "SELECT seen_at > clock_timestamp() + interval '59 minutes' FROM reconciler.rate")
                                .query(Boolean.class)
                                .single());
    }

    private static List<Long> admissionsOf(SharedPace pace, int count) {
        try {
            return admissions(count, pace);
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Test
    void it_holds_no_connection_between_two_questions() {
        try (Database narrow = Database.open(database.settings(), 1)) {
            var bucket = new RateBucket(narrow.dataSource(), KEY, System::nanoTime);
            reserve(bucket, SECOND);
            bucket.limit(Duration.ofSeconds(1));
            assertThat(
                            JdbcClient.create(narrow.dataSource())
                                    .sql("SELECT state IS NOT NULL FROM reconciler.rate")
                                    .query(Boolean.class)
                                    .single())
                    .isTrue();
        }
    }

    @Test
    void a_transaction_of_the_chunk_that_rolls_back_takes_nothing_back() {
        var bucket = bucket(System::nanoTime);
        new TransactionTemplate(new JdbcTransactionManager(database.dataSource()))
                .executeWithoutResult(transaction -> {
                    jdbc.sql("SELECT 1").query().singleRow();
                    onVirtualThread(() -> reserve(bucket, 60 * SECOND));
                    onVirtualThread(() -> bucket.limit(Duration.ofSeconds(60)));
                    transaction.setRollbackOnly();
                });
        assertThat(bucket.pause()).isGreaterThan(Duration.ofSeconds(50));
        assertThat(reserve(bucket, SECOND) - System.nanoTime()).isGreaterThan(50 * SECOND);
    }

    @Test
    void without_its_table_the_failure_says_to_migrate() {
        jdbc.sql("DROP TABLE reconciler.rate").update();
        assertThatThrownBy(() -> reserve(bucket(System::nanoTime), SECOND))
                .satisfies(failure ->
                        assertThat(DatabaseUnusable.of(failure, "here"))
                                .hasMessageContaining("reconciler migrate"));
    }

    @Test
    void a_bucket_belongs_to_a_host_and_a_client_and_shows_no_token() {
        assertThat(key("https://api.mypurecloud.de", new Credentials.ClientCredentials("c1", "s")))
                .isEqualTo("api.mypurecloud.de client c1");
        assertThat(key("http://127.0.0.1:8080/x", new Credentials.AccessToken("top-secret")))
                .startsWith("127.0.0.1:8080 token ")
                .doesNotContain("top-secret")
                .hasSize("127.0.0.1:8080 token ".length() + 16);
    }

    private static String key(String url, Credentials credentials) {
        URI uri = URI.create(url);
        return RateKey.of(new ApiSettings(uri, uri, ApiContract.parse("web"), credentials)).name();
    }

    private static long reserve(RateBucket bucket, long nanos) {
        bucket.pause();
        return bucket.reserve(nanos);
    }

    private RateBucket bucket(LongSupplier nanoTime) {
        return new RateBucket(database.dataSource(), KEY, nanoTime);
    }

    private SharedPace pace(int perMinute) {
        return new SharedPace(
                new Rate(perMinute, true),
                bucket(System::nanoTime),
                System::nanoTime,
                pauses(),
                RateBucketTest::demandNone);
    }

    private SharedPace few(int perMinute) {
        return SharedPace.forFew(
                new Rate(perMinute, true),
                bucket(System::nanoTime),
                System::nanoTime,
                pauses(),
                RateBucketTest::demandNone);
    }

    private static void demandNone(String failure) {
        throw new AssertionError(failure);
    }

    private static Pauses pauses() {
        var never = new CountDownLatch(1);
        return pause -> {
            try {
                return !never.await(pause.toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return false;
            }
        };
    }

    /// When so many requests were admitted, in order, by threads of their own.
    private static List<Long> admissions(int count, SharedPace... paces) throws Exception {
        var calls = new ArrayList<Future<Long>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < count; i++) {
                SharedPace pace = paces[i % paces.length];
                calls.add(
                        threads.submit(() -> {
                            assertThat(pace.admit()).isNotNull();
                            return System.nanoTime();
                        }));
            }
        }
        var grants = new ArrayList<Long>();
        for (Future<Long> call : calls) {
            grants.add(call.get());
        }
        Collections.sort(grants);
        return grants;
    }

    private static void onVirtualThread(Runnable work) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            threads.submit(work).get();
        } catch (InterruptedException | ExecutionException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
