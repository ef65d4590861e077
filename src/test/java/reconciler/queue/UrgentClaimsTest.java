package reconciler.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.change.Lane;
import reconciler.change.ParticipantRole;
import reconciler.database.Database;
import reconciler.embedded.TestPostgres;
import reconciler.partition.Partition;

/// Whose turn it is among rows that carry an apply-by.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class UrgentClaimsTest {
    private static final Partition CONTACTS =
            new Partition(new ParticipantRole("contact"), 0, 0, 1024);

    private Database database;
    private ChangeQueue runs;
    private ChangeQueue lane;
    private DueChanges due;
    private Orders orders;

    @BeforeEach
    void open() {
        database = Database.open(TestPostgres.freshDatabase(), 2);
        runs = new ChangeQueue(database.dataSource());
        lane = new ChangeQueue(database.dataSource(), Lane.EXPRESS);
        due = new DueChanges(database.dataSource());
        orders = new Orders(database.dataSource());
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void the_lane_takes_the_nearest_apply_by_first_and_one_role_at_a_time() {
        long second = orders.order().applyBy(Duration.ofMinutes(20)).queue();
        long first = orders.order().applyBy(Duration.ofMinutes(10)).queue();
        long agent = orders.order().as("agent").applyBy(Duration.ofMinutes(15)).queue();
        orders.order().queue();

        assertThat(ids(urgent(1))).containsExactly(first);
        assertThat(ids(urgent(10))).containsExactly(agent);
        assertThat(ids(urgent(10))).containsExactly(second);
        assertThat(ids(urgent(10))).isEmpty();
    }

    @Test
    void what_one_lane_took_the_other_cannot_take_nor_put_back() {
        Orders.Order order = orders.order();
        long urgent = order.setting("tier", "gold").applyBy(Duration.ofHours(1)).queue();
        long usual = order.setting("skill", "billing").queue();

        ClaimedPage page = urgent(10);
        assertThat(page.claim()).isNegative();
        assertThat(ids(page)).containsExactly(urgent);
        assertThat(runs.claim(CONTACTS, now(), null, 10).rows()).isEmpty();
        assertThat(runs.claim(usual, now())).isEqualTo(new HandClaim.Refused(new Obstacle.Busy()));
        assertThat(runs.reclaim().all()).isZero();
        assertThat(lane.reclaim().all()).isEqualTo(1);
    }

    @Test
    void a_run_takes_the_greater_priority_first_and_of_the_same_one_what_is_urgent() {
        long usual = orders.order().queue();
        long urgent = orders.order().applyBy(Duration.ofHours(1)).queue();

        assertThat(due.ranks(CONTACTS, now()))
                .containsExactly(new Rank(0, true), new Rank(0, false));
        assertThat(ids(runs.claim(CONTACTS, now(), new Rank(0, true), null, 10)))
                .containsExactly(urgent);
        assertThat(ids(runs.claim(CONTACTS, now(), Rank.LAST, null, 10))).containsExactly(usual);
    }

    @Test
    void a_newer_change_that_waits_for_its_run_does_not_keep_an_urgent_one_from_going_now() {
        Orders.Order order = orders.order();
        long older = order.setting("tier", "bronze").queue();
        long urgent = order.setting("tier", "silver").applyBy(Duration.ofMinutes(10)).queue();
        long far = order.setting("tier", "gold").applyBy(Duration.ofDays(2)).queue();
        long usual = order.setting("tier", "platinum").queue();

        assertThat(urgent(10).rows())
                .extracting(row -> row.change().id(), ClaimedPage.Row::supersededBy)
                .containsExactly(tuple(older, urgent), tuple(urgent, null));
        assertThat(runs.claim(CONTACTS, now(), null, 10).rows()).as("not beside it").isEmpty();

        assertThat(lane.reclaim().all()).isEqualTo(2);
        assertThat(runs.claim(CONTACTS, now(), null, 10).rows())
                .extracting(row -> row.change().id(), ClaimedPage.Row::supersededBy)
                .containsExactly(
                        tuple(older, usual),
                        tuple(urgent, usual),
                        tuple(far, usual),
                        tuple(usual, null));
    }

    @Test
    void of_two_urgent_ones_the_newer_wins() {
        Orders.Order order = orders.order();
        long older = order.applyBy(Duration.ofMinutes(10)).queue();
        long newer = order.applyBy(Duration.ofMinutes(20)).queue();

        assertThat(urgent(10).rows())
                .extracting(row -> row.change().id(), ClaimedPage.Row::supersededBy)
                .containsExactly(tuple(older, newer), tuple(newer, null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-infinity", "1950-01-01", "1970-01-01 00:00:00+00"})
    void an_apply_by_of_any_past_is_taken(String applyBy) {
        long change = orders.order().queue();
        JdbcClient.create(database.dataSource())
                .sql("UPDATE reconciler.attribute_change SET apply_by = :applyBy::timestamptz")
                .param("applyBy", applyBy)
                .update();
        Scope scope = now();

        assertThat(due.isUrgent(scope, scope.asOf())).isTrue();
        ClaimedPage page = lane.claimUrgent(scope, null, scope.asOf(), 10);
        assertThat(ids(page)).containsExactly(change);
        assertThat(page.rows().getFirst().change().isExpiredAt(scope.asOf())).isTrue();
    }

    private ClaimedPage urgent(int size) {
        Scope scope = now();
        return lane.claimUrgent(
                scope, scope.asOf(), scope.asOf().plus(Duration.ofMinutes(60)), size);
    }

    private Scope now() {
        return due.scopeNow(Set.of(), new ApprovalRule.None());
    }

    private static List<Long> ids(ClaimedPage page) {
        return page.rows().stream().map(row -> row.change().id()).toList();
    }
}
