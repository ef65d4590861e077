package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import reconciler.Eventually;
import reconciler.database.Database;
import reconciler.embedded.TestPostgres;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class LeasesTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    private Database database;
    private Leases leases;

    @BeforeEach
    void open() {
        database = Database.open(TestPostgres.freshDatabase(), 4);
        leases = new Leases(database.dataSource());
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void nobody_holds_what_nobody_ever_took() {
        assertThat(leases.holder()).isNull();
    }

    @Test
    void a_lease_that_is_held_names_its_holder_to_the_next() {
        assertThat(leases.acquire("one", LONG)).isEqualTo(1);

        assertThatExceptionOfType(LeaseHeld.class)
                .isThrownBy(() -> leases.acquire("other", LONG))
                .withMessageContaining("another run holds the lease: one, since ")
                .satisfies(held ->
                        assertThat(held.remaining()).isBetween(LONG.minusSeconds(30), LONG));
        assertThat(holder().owner()).isEqualTo("one");
    }

    @Test
    void a_lease_that_was_released_is_taken_at_the_next_epoch() {
        leases.release(leases.acquire("one", LONG));
        assertThat(holder().isAlive()).isFalse();

        assertThat(leases.acquire("other", LONG)).isEqualTo(2);
        assertThat(holder().owner()).isEqualTo("other");
    }

    @Test
    void a_lease_that_expired_is_taken_and_the_old_holder_can_do_nothing_with_it() {
        long old = leases.acquire("one", LONG);
        expire();
        assertThat(leases.renew(old, LONG)).isFalse();

        long next = leases.acquire("other", LONG);

        assertThat(leases.renew(old, LONG)).isFalse();
        assertThatExceptionOfType(LeaseLost.class).isThrownBy(() -> leases.confirm(old));
        leases.release(old);
        leases.nameRun(old, 7);
        assertThat(holder().isAlive()).isTrue();
        assertThat(holder().runId()).isNull();
        leases.confirm(next);
    }

    @Test
    void a_take_over_waits_for_a_settlement_that_is_being_committed() throws Exception {
        long old = leases.acquire("one", LONG);
        var transaction =
                new TransactionTemplate(new JdbcTransactionManager(database.dataSource()));

        CompletableFuture<Long> takeOver =
                transaction.execute(_ -> {
                    leases.confirm(old);
                    CompletableFuture<Void> expired = CompletableFuture.runAsync(this::expire);
                    expired.join();
                    var waiting =
                            CompletableFuture.supplyAsync(() -> leases.acquire("other", LONG));
                    Eventually.holds("the take-over waits", this::somebodyWaitsForALock);
                    assertThat(waiting).isNotDone();
                    return waiting;
                });

        assertThat(Objects.requireNonNull(takeOver).get(10, TimeUnit.SECONDS)).isEqualTo(2);
    }

    @Test
    void a_renewal_does_not_wait_for_a_settlement() {
        long epoch = leases.acquire("one", LONG);
        var transaction =
                new TransactionTemplate(new JdbcTransactionManager(database.dataSource()));

        transaction.executeWithoutResult(_ -> {
            leases.confirm(epoch);
            assertThat(CompletableFuture.supplyAsync(() -> leases.renew(epoch, LONG)))
                    .succeedsWithin(Duration.ofSeconds(10))
                    .isEqualTo(true);
        });
    }

    @Test
    void no_call_begins_that_could_outlive_the_lease() {
        var nanos = new AtomicLong();
        Duration call = Duration.ofSeconds(1);
        try (Lease lease = Lease.acquire(leases, "one", call, new StopSignal(), nanos::get)) {
            assertThat(lease.covers(call)).isTrue();

            // it lasts for the call and three seconds
            nanos.set(Duration.ofMillis(2_999).toNanos());
            assertThat(lease.covers(call)).isTrue();
            nanos.set(Duration.ofMillis(3_000).toNanos());
            assertThat(lease.covers(call)).isFalse();

            Eventually.holds("a renewal makes room again", () -> lease.covers(call));
        }
    }

    @Test
    void a_holder_that_finds_its_lease_gone_stops() {
        var stop = new StopSignal();
        try (Lease lease = Lease.acquire(leases, "one", Duration.ZERO, stop, System::nanoTime)) {
            expire();
            leases.acquire("other", LONG);

            Eventually.holds("the stop is raised", stop::isRaised);

            assertThat(Objects.requireNonNull(stop.reason()).exitCode()).isEqualTo(ExitCode.LOCKED);
            assertThatExceptionOfType(LeaseLost.class).isThrownBy(lease::confirm);
        }
        assertThat(holder().owner()).isEqualTo("other");
        assertThat(holder().isAlive()).isTrue();
    }

    private Leases.Holder holder() {
        return Objects.requireNonNull(leases.holder());
    }

    private void expire() {
        JdbcClient.create(database.dataSource())
                .sql("UPDATE reconciler.lease SET expires_at = clock_timestamp()")
                .update();
    }

    private boolean somebodyWaitsForALock() {
        return JdbcClient.create(database.dataSource())
                .sql(
                        """
                        SELECT EXISTS (SELECT FROM pg_stat_activity
                                        WHERE datname = current_database() AND wait_event_type = 'Lock')
                        """)
                .query(Boolean.class)
                .single();
    }
}
