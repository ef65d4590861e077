package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
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
import reconciler.change.Lane;
import reconciler.database.Database;
import reconciler.embedded.TestPostgres;
import reconciler.outcome.Pauses;
import reconciler.run.Leases.Taken;
import reconciler.run.Leases.Tenure;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class LeasesTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    private final AtomicLong nanos = new AtomicLong();
    private Database database;
    private Leases leases;

    @BeforeEach
    void open() {
        database = Database.open(TestPostgres.freshDatabase(), 4);
        leases = new Leases(database.dataSource(), Lane.RUN, nanos::get);
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
        assertThat(take("one").epoch()).isEqualTo(1);

        assertThatExceptionOfType(LeaseHeld.class)
                .isThrownBy(() -> take("other"))
                .withMessageContaining("another run holds the lease: one, since ")
                .satisfies(held ->
                        assertThat(held.remaining()).isBetween(LONG.minusSeconds(30), LONG));
        assertThat(holder().owner()).isEqualTo("one");
    }

    @Test
    void a_lease_that_was_released_is_taken_at_once_at_the_next_epoch() {
        leases.release(take("one"));
        assertThat(holder().isAlive()).isFalse();

        assertThat(take("other").epoch()).isEqualTo(2);
        assertThat(holder().owner()).isEqualTo("other");
    }

    @Test
    void a_lease_that_was_taken_over_is_of_no_use_to_the_old_holder() {
        Tenure old = take("one");
        abandon();

        Tenure next = take("other");

        assertThat(leases.renew(old, LONG)).isNull();
        assertThatExceptionOfType(LeaseLost.class)
                .isThrownBy(() -> leases.confirm(old))
                .withMessageContaining("another run has taken over");
        leases.release(old);
        leases.nameRun(old, 7);
        assertThat(holder().isAlive()).isTrue();
        assertThat(holder().runId()).isNull();
        leases.confirm(next);
    }

    /// As after a failover that lost the last commits: the epoch is given out a second time.
    @Test
    void an_epoch_that_was_given_out_twice_is_his_who_has_the_token() {
        Tenure lost = take("one");
        jdbc("DELETE FROM reconciler.lease");

        Tenure next = take("other");

        assertThat(next.epoch()).isEqualTo(lost.epoch());
        assertThat(leases.renew(lost, LONG)).isNull();
        assertThat(leases.beats().tell(lost, null)).isNull();
        assertThatExceptionOfType(LeaseLost.class).isThrownBy(() -> leases.confirm(lost));
        leases.release(lost);
        leases.nameRun(lost, 7);
        leases.confirm(next);
        assertThat(holder().runId()).isNull();
        assertThat(holder().isAlive()).isTrue();
    }

    /// The same row, on a server that was promoted meanwhile.
    @Test
    void a_lease_does_not_hold_on_another_server_than_where_it_was_taken() {
        Tenure tenure = take("one");
        jdbc("UPDATE reconciler.lease SET server = '1/00000001'");

        assertThatExceptionOfType(LeaseLost.class)
                .isThrownBy(() -> leases.confirm(tenure))
                .withMessageContaining("the database has failed over");
        assertThat(leases.renew(tenure, LONG)).isNull();
    }

    /// The database's clock was set forward, or all renewals failed for a while.
    @Test
    void a_lease_that_has_expired_is_still_his_as_long_as_nobody_took_it() {
        Tenure tenure = take("one");
        expire();

        assertThat(leases.renew(tenure, LONG)).isNotNull();
        leases.confirm(tenure);
        assertThat(holder().isAlive()).isTrue();
    }

    @Test
    void an_expired_lease_is_taken_when_nothing_was_seen_of_its_holder_for_as_long_as_it_lasts() {
        take("one");
        setClock("forward", Duration.ofHours(1));
        var waited = new ArrayList<Duration>();

        Taken taken =
                leases.takeOver()
                        .acquire("other", UUID.randomUUID(), LONG, passing(waited, () -> {}));

        assertThat(taken.tenure().epoch()).isEqualTo(2);
        assertThat(taken.before()).isEqualTo(LONG);
        assertThat(waited.stream().reduce(Duration.ZERO, Duration::plus))
                .isBetween(LONG, LONG.plusSeconds(1));
    }

    @Test
    void a_clock_that_was_set_forward_does_not_end_a_lease_whose_holder_lives() {
        Tenure alive = take("one");
        setClock("forward", Duration.ofHours(1));
        var waited = new ArrayList<Duration>();

        assertThatExceptionOfType(LeaseHeld.class)
                .isThrownBy(() ->
                        leases.takeOver()
                                .acquire(
                                        "other",
                                        UUID.randomUUID(),
                                        LONG,
                                        passing(waited, () -> leases.renew(alive, LONG))));
        assertThat(waited).hasSize(1);
        leases.confirm(alive);
    }

    @Test
    void a_clock_that_was_set_back_does_not_prolong_the_lease_of_a_holder_that_is_gone() {
        take("one");
        setClock("backward", Duration.ofHours(1));
        var waited = new ArrayList<Duration>();

        leases.takeOver().acquire("other", UUID.randomUUID(), LONG, passing(waited, () -> {}));

        assertThat(waited.stream().reduce(Duration.ZERO, Duration::plus))
                .isBetween(LONG, LONG.plusSeconds(1));
    }

    @Test
    void a_wait_that_is_cut_short_takes_nothing() {
        take("one");
        expire();

        assertThatExceptionOfType(LeaseHeld.class)
                .isThrownBy(() ->
                        leases.takeOver().acquire("other", UUID.randomUUID(), LONG, _ -> false));
        assertThat(holder().owner()).isEqualTo("one");
    }

    @Test
    void a_lease_passes_through_only_when_its_holder_is_certainly_gone() {
        take("one");
        setClock("forward", Duration.ofHours(1));

        assertThat(leases.takeOver().passThrough("other")).isFalse();
        assertThat(leases.takeOver().isUncertain()).isTrue();
        nanos.addAndGet(LONG.toNanos() / 2);
        assertThat(leases.takeOver().passThrough("other")).isFalse();
        nanos.addAndGet(LONG.toNanos());
        assertThat(leases.takeOver().isUncertain()).isFalse();
        assertThat(leases.takeOver().passThrough("other")).isTrue();
        assertThat(holder().isAlive()).isFalse();
        assertThat(leases.takeOver().passThrough("other")).isTrue();
    }

    @Test
    void a_take_over_waits_for_a_settlement_that_is_being_committed() throws Exception {
        Tenure old = take("one");
        var transaction =
                new TransactionTemplate(new JdbcTransactionManager(database.dataSource()));

        CompletableFuture<Tenure> takeOver =
                transaction.execute(_ -> {
                    leases.confirm(old);
                    CompletableFuture.runAsync(this::abandon).join();
                    var waiting = CompletableFuture.supplyAsync(() -> take("other"));
                    Eventually.holds("the take-over waits", this::somebodyWaitsForALock);
                    assertThat(waiting).isNotDone();
                    return waiting;
                });

        assertThat(Objects.requireNonNull(takeOver).get(10, TimeUnit.SECONDS).epoch()).isEqualTo(2);
    }

    @Test
    void a_renewal_does_not_wait_for_a_settlement() {
        Tenure tenure = take("one");
        var transaction =
                new TransactionTemplate(new JdbcTransactionManager(database.dataSource()));

        transaction.executeWithoutResult(_ -> {
            leases.confirm(tenure);
            assertThat(CompletableFuture.supplyAsync(() -> leases.renew(tenure, LONG)))
                    .succeedsWithin(Duration.ofSeconds(10))
                    .isNotNull();
        });
    }

    @Test
    void no_call_begins_that_could_outlive_the_lease() {
        Duration call = Duration.ofSeconds(1);
        try (Lease lease =
                Lease.acquire(leases, "one", UUID.randomUUID(), call, new StopSignal())) {
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
        try (Lease lease = Lease.acquire(leases, "one", UUID.randomUUID(), Duration.ZERO, stop)) {
            abandon();
            take("other");

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

    private Tenure take(String owner) {
        return leases.takeOver().acquire(owner, UUID.randomUUID(), LONG, _ -> false).tenure();
    }

    /// By the database's clock.
    private void expire() {
        jdbc("UPDATE reconciler.lease SET expires_at = renewed_at");
    }

    /// As its holder leaves it.
    private void abandon() {
        jdbc("UPDATE reconciler.lease SET expires_at = renewed_at, token = NULL");
    }

    /// What the clock says is later, or earlier, than what was written by it.
    private void setClock(String direction, Duration by) {
        String sign = direction.equals("forward") ? "-" : "+";
        jdbc(
                "UPDATE reconciler.lease SET renewed_at = renewed_at %1$s interval '%2$d s', expires_at = expires_at %1$s interval '%2$d s'"
                        .formatted(sign, by.toSeconds()));
    }

    /// Lets our own clock go on by each pause; something happens meanwhile.
    private Pauses passing(List<Duration> waited, Runnable meanwhile) {
        return pause -> {
            waited.add(pause);
            nanos.addAndGet(pause.toNanos());
            meanwhile.run();
            return true;
        };
    }

    private void jdbc(String sql) {
        JdbcClient.create(database.dataSource()).sql(sql).update();
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
