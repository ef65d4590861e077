package reconciler.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.change.ChangeState;
import reconciler.change.Lane;
import reconciler.change.ParticipantRole;
import reconciler.database.Database;
import reconciler.embedded.TestPostgres;
import reconciler.queue.Orders.Order;

/// By hand nothing is taken that a run would leave alone, and older changes to the same attribute
/// come along as with a run.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class HandClaimsTest {
    private static Database database;
    private static Orders orders;

    private ChangeQueue queue;
    private DueChanges due;
    private PausedSets paused;

    @BeforeAll
    static void open() {
        database = Database.open(TestPostgres.freshDatabase(), 2);
        orders = new Orders(database.dataSource());
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @BeforeEach
    void empty() {
        queue = new ChangeQueue(database.dataSource());
        due = new DueChanges(database.dataSource());
        paused = new PausedSets(database.dataSource());
        JdbcClient jdbc = JdbcClient.create(database.dataSource());
        jdbc.sql("DELETE FROM reconciler.attribute_change").update();
        jdbc.sql("DELETE FROM reconciler.pause").update();
    }

    @Test
    void what_waits_for_an_approval_is_left_alone_until_it_has_one() {
        long set = orders.set();
        long waiting = orders.order().inSet(set).queue();
        long loose = orders.order().queue();

        assertThat(claim(waiting, new ApprovalRule.Required()))
                .isEqualTo(refused(new Obstacle.Unapproved(set)));
        assertThat(claim(loose, new ApprovalRule.Required()))
                .isEqualTo(refused(new Obstacle.Unapproved(null)));
        assertThat(orders.state(waiting)).isEqualTo("PENDING");

        orders.approve(set, "jo");
        assertThat(claim(waiting, new ApprovalRule.Required())).isInstanceOf(HandClaim.Taken.class);
    }

    @Test
    void what_is_sent_under_an_approval_is_sent_as_its_plan_saw_it() {
        long set = orders.set();
        long change = orders.order().inSet(set).queue();
        orders.approve(set, "jo");

        assertThat(taken(claim(change, new ApprovalRule.Required())).rows())
                .singleElement()
                .satisfies(row -> assertThat(row.foreseen()).isNotNull());
    }

    @Test
    void what_is_paused_is_left_alone() {
        long set = orders.set();
        long change = orders.order().inSet(set).queue();
        paused.pause(set, "kim", "the list is being checked");
        assertThat(claim(change)).isEqualTo(refused(new Obstacle.Paused(set, "kim")));

        paused.pause(null, "ann", null);
        assertThat(claim(change)).isEqualTo(refused(new Obstacle.Paused(null, "ann")));
        paused.letGo(null);
        paused.letGo(set);
        assertThat(claim(change)).isInstanceOf(HandClaim.Taken.class);
    }

    @Test
    void what_is_not_due_is_left_alone() {
        long change = orders.order().notBefore(Duration.ofHours(1)).queue();

        assertThat(claim(change))
                .isInstanceOfSatisfying(
                        HandClaim.Refused.class,
                        refused ->
                                assertThat(refused.obstacle())
                                        .isInstanceOfSatisfying(
                                                Obstacle.NotDue.class,
                                                until ->
                                                        assertThat(until.until())
                                                                .isAfter(now().asOf())));
    }

    @Test
    void what_was_put_off_is_due_after_the_later_of_its_times() {
        long change = orders.order().notBefore(Duration.ofHours(-1)).queue();
        JdbcClient.create(database.dataSource())
                .sql(
                        "UPDATE reconciler.attribute_change SET next_attempt_at = '2999-01-01 00:00:00+00'")
                .update();

        assertThat(claim(change))
                .isEqualTo(refused(new Obstacle.NotDue(Instant.parse("2999-01-01T00:00:00Z"))));
    }

    @Test
    void a_role_that_the_job_does_not_select_is_left_alone() {
        long change = orders.order().queue();
        var agents = due.scopeNow(Set.of(new ParticipantRole("agent")), new ApprovalRule.None());

        assertThat(queue.claim(change, agents))
                .isEqualTo(refused(new Obstacle.NotSelected(new ParticipantRole("contact"))));
    }

    @Test
    void older_changes_to_the_attribute_are_superseded_due_or_not() {
        Order order = orders.order();
        long older = order.setting("tier", "bronze").queue();
        long notDue =
                order.as("agent").setting("tier", "silver").notBefore(Duration.ofHours(1)).queue();
        long other = order.setting("skill", "billing").queue();
        long newest = order.setting("tier", "gold").queue();

        assertThat(taken(claim(newest)).rows())
                .extracting(row -> row.change().id(), ClaimedPage.Row::supersededBy)
                .containsExactly(tuple(older, newest), tuple(notDue, newest), tuple(newest, null));
        assertThat(orders.state(other)).isEqualTo("PENDING");
    }

    @Test
    void an_older_change_does_not_go_before_a_newer_one_that_is_due() {
        Order order = orders.order();
        long older = order.queue();
        long newer = order.queue();
        assertThat(claim(older)).isEqualTo(refused(new Obstacle.Superseded(newer)));

        queue.cancel(newer);
        order.notBefore(Duration.ofHours(1)).queue();
        assertThat(taken(claim(older)).rows())
                .extracting(row -> row.change().id(), ClaimedPage.Row::supersededBy)
                .containsExactly(tuple(older, null));
    }

    @Test
    void of_an_atomic_group_what_is_superseded_comes_along_unsent() {
        Order order = orders.order();
        var attributes = new LinkedHashMap<>(Map.of("a", "1"));
        attributes.put("b", "2");
        List<Long> group = orders.queueTogether(order.inSet(orders.atomicSet()), attributes);
        long newer = order.setting("b", "9").queue();

        assertThat(taken(claim(group.getFirst())).rows())
                .extracting(row -> row.change().id(), ClaimedPage.Row::supersededBy)
                .containsExactly(tuple(group.getFirst(), null), tuple(group.getLast(), newer));
    }

    @Test
    void what_is_not_pending_is_left_alone() {
        long change = orders.order().queue();
        queue.cancel(change);

        assertThat(claim(change))
                .isEqualTo(refused(new Obstacle.NotPending(ChangeState.CANCELLED)));
    }

    @Test
    void a_participant_in_flight_on_the_other_lane_is_left_alone() {
        Order order = orders.order();
        order.setting("tier", "gold").applyBy(Duration.ofHours(1)).queue();
        long usual = order.setting("skill", "billing").queue();
        Scope scope = now();
        new ChangeQueue(database.dataSource(), Lane.EXPRESS)
                .claimUrgent(scope, null, scope.asOf().plus(Duration.ofHours(2)), 10);

        assertThat(claim(usual)).isEqualTo(refused(new Obstacle.Busy()));
    }

    private HandClaim claim(long change) {
        return claim(change, new ApprovalRule.None());
    }

    private HandClaim claim(long change, ApprovalRule rule) {
        return queue.claim(change, due.scopeNow(Set.of(), rule));
    }

    private Scope now() {
        return due.scopeNow(Set.of(), new ApprovalRule.None());
    }

    private static HandClaim refused(Obstacle obstacle) {
        return new HandClaim.Refused(obstacle);
    }

    private static ClaimedPage taken(HandClaim claim) {
        assertThat(claim).isInstanceOf(HandClaim.Taken.class);
        return ((HandClaim.Taken) claim).page();
    }
}
