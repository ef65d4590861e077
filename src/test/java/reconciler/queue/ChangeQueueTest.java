package reconciler.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.change.AttributeChange;
import reconciler.change.ChangeState;
import reconciler.change.ParticipantRole;
import reconciler.database.Database;
import reconciler.embedded.TestPostgres;
import reconciler.outcome.Attempt;
import reconciler.outcome.ConfirmedBy;
import reconciler.outcome.Disposition;
import reconciler.outcome.Evidence;
import reconciler.outcome.Intent;
import reconciler.outcome.Settlement;
import reconciler.partition.Partition;
import reconciler.queue.ClaimedPage.Row;
import reconciler.queue.Orders.Order;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ChangeQueueTest {
    private static final Partition CONTACTS =
            new Partition(new ParticipantRole("contact"), 0, 0, 1024);
    private static final Partition AGENTS = new Partition(new ParticipantRole("agent"), 0, 0, 1024);

    private Database database;
    private DataSource dataSource;
    private ChangeQueue queue;
    private QueueView view;
    private DueChanges dueChanges;
    private OpenIntents intents;
    private Orders orders;

    @BeforeEach
    void open() {
        database = Database.open(TestPostgres.freshDatabase(), 4);
        dataSource = database.dataSource();
        queue = new ChangeQueue(dataSource);
        view = new QueueView(dataSource);
        dueChanges = new DueChanges(dataSource);
        intents = new OpenIntents(dataSource);
        orders = new Orders(dataSource);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void a_claimed_row_is_in_flight_and_is_not_claimed_again() {
        long id = orders.order().queue();

        assertThat(ids(claim(CONTACTS))).containsExactly(id);
        assertThat(orders.state(id)).isEqualTo("IN_FLIGHT");
        assertThat(ids(claim(CONTACTS))).isEmpty();
    }

    @Test
    void rows_of_a_participant_come_together_oldest_first() {
        Order one = orders.order();
        Order other = orders.order();
        List<Long> expected = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            expected.add(one.setting("a" + i, "x").queue());
            other.setting("a" + i, "x").queue();
        }

        List<Row> rows = claim(CONTACTS).rows();

        assertThat(
                        rows.stream()
                                .filter(row ->
                                        row.change()
                                                .participant()
                                                .participantId()
                                                .equals(one.participant()))
                                .map(row -> row.change().id()))
                .isEqualTo(expected);
        assertThat(rows.subList(0, 5).stream().map(row -> row.change().participant()).distinct())
                .hasSize(1);
    }

    @Test
    void pages_follow_each_other_without_gap_or_repetition() {
        List<Long> queued = IntStream.range(0, 57).mapToObj(_ -> orders.order().queue()).toList();
        Scope scope = everything();
        List<Long> claimed = new ArrayList<>();

        ClaimedPage page = queue.claim(CONTACTS, scope, null, 10);
        while (page.end() != null) {
            claimed.addAll(ids(page));
            page = queue.claim(CONTACTS, scope, page.end(), 10);
        }

        assertThat(claimed).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(queued);
    }

    @Test
    void bucket_ranges_divide_the_rows() {
        IntStream.range(0, 40).forEach(_ -> orders.order().queue());
        Scope scope = everything();
        ParticipantRole contact = new ParticipantRole("contact");

        List<Long> low = ids(queue.claim(new Partition(contact, 0, 0, 512), scope, null, 100));
        List<Long> high = ids(queue.claim(new Partition(contact, 1, 512, 1024), scope, null, 100));

        assertThat(low).isNotEmpty().doesNotContainAnyElementsOf(high);
        assertThat(low.size() + high.size()).isEqualTo(40);
    }

    @Test
    void the_newest_change_to_an_attribute_wins_and_the_older_ones_know_its_id() {
        Order order = orders.order();
        long first = order.setting("priority", "low").queue();
        long second = order.setting("priority", "mid").queue();
        long newest = order.setting("priority", "high").queue();

        assertThat(claim(CONTACTS).rows())
                .extracting(row -> row.change().id(), Row::supersededBy)
                .containsExactly(tuple(first, newest), tuple(second, newest), tuple(newest, null));
    }

    @Test
    void an_older_change_that_was_deferred_is_superseded_with_the_newer_one() {
        Order order = orders.order();
        long older = order.queue();
        defer(older);
        long newer = order.queue();

        assertThat(claim(CONTACTS).rows())
                .extracting(row -> row.change().id(), Row::supersededBy)
                .containsExactly(tuple(older, newer), tuple(newer, null));
    }

    @Test
    void a_newer_change_that_is_not_due_yet_supersedes_nothing() {
        Order order = orders.order();
        long now = order.queue();
        order.notBefore(Duration.ofHours(1)).queue();

        assertThat(claim(CONTACTS).rows())
                .extracting(row -> row.change().id(), Row::supersededBy)
                .containsExactly(tuple(now, null));
    }

    @Test
    void an_older_change_under_another_role_is_superseded_too() {
        Order order = orders.order();
        long older = order.as("agent").queue();
        long newer = order.as("contact").queue();

        assertThat(claim(CONTACTS).rows())
                .extracting(row -> row.change().id(), Row::supersededBy)
                .containsExactly(tuple(older, newer), tuple(newer, null));
        assertThat(ids(claim(AGENTS))).isEmpty();
    }

    @Test
    void a_participant_in_flight_under_one_role_is_not_claimed_under_another() {
        Order order = orders.order();
        long contact = order.as("contact").setting("a", "1").queue();
        long agent = order.as("agent").setting("b", "2").queue();

        ClaimedPage first = claim(CONTACTS);
        assertThat(ids(first)).containsExactly(contact);
        assertThat(ids(claim(AGENTS))).isEmpty();
        assertThat(dueChanges.isStillDue(AGENTS, everything())).isTrue();

        settle(first, Disposition.Settled.applied(ConfirmedBy.ANSWER));
        assertThat(ids(claim(AGENTS))).containsExactly(agent);
    }

    @Test
    void what_is_not_due_not_approved_or_beyond_the_horizon_is_left_alone() {
        long approved = orders.set();
        long due = orders.order().notBefore(Duration.ofHours(-1)).inSet(approved).queue();
        orders.order().notBefore(Duration.ofHours(1)).inSet(approved).queue();
        orders.order().inSet(orders.set()).queue();
        orders.order().queue();
        orders.approve(approved, "jo");
        Scope scope = dueChanges.scopeNow(Set.of(), new ApprovalRule.Required());
        long later = orders.set();
        orders.order().inSet(later).queue();
        orders.approve(later, "jo");

        assertThat(ids(queue.claim(CONTACTS, scope, null, 100))).containsExactly(due);
    }

    @Test
    void an_approval_that_has_lapsed_is_nobodys_any_more() {
        long set = orders.set();
        long approved = orders.order().inSet(set).queue();
        orders.approve(set, "jo");
        assertThat(approvers(queue.read(approved))).containsExactly("jo");

        JdbcClient.create(dataSource)
                .sql(
                        "UPDATE reconciler.change_set SET approved_until = now() - interval '1 second'")
                .update();
        assertThat(approvers(queue.read(approved))).containsOnlyNulls();
        ClaimedPage page = claim(CONTACTS);
        assertThat(approvers(page.rows().stream().map(Row::change).toList())).containsOnlyNulls();
        settle(page, new Disposition.Released());
        assertThat(approvers(queue.cancel(set, 0, 10))).containsOnlyNulls();
    }

    private static List<String> approvers(List<AttributeChange> changes) {
        return changes.stream().map(change -> change.provenance().approvedBy()).toList();
    }

    @Test
    void a_settled_row_leaves_its_claim_and_keeps_its_attempts() {
        long id = orders.order().queue();

        settle(claim(CONTACTS), Disposition.Settled.applied(ConfirmedBy.ANSWER));

        assertThat(orders.state(id)).isEqualTo("APPLIED");
        assertThat(view.find(id).attempts()).isEqualTo(1);
        assertThat(view.find(id).settledAt()).isNotNull();
    }

    @Test
    void a_released_row_can_be_claimed_at_once_and_a_deferred_one_later() {
        long id = orders.order().queue();
        settle(claim(CONTACTS), new Disposition.Released());
        assertThat(orders.state(id)).isEqualTo("PENDING");

        settle(claim(CONTACTS), new Disposition.Deferred(Duration.ofHours(2)));
        assertThat(orders.state(id)).isEqualTo("PENDING");
        assertThat(ids(claim(CONTACTS))).isEmpty();
        assertThat(view.find(id).nextAttemptAt()).isAfter(everything().asOf().plusSeconds(7100));
    }

    @Test
    void settling_rows_of_a_claim_that_was_taken_over_is_refused() {
        orders.order().queue();
        ClaimedPage page = claim(CONTACTS);
        queue.reclaim();

        assertThatThrownBy(() -> settle(page, Disposition.Settled.applied(ConfirmedBy.ANSWER)))
                .isInstanceOf(ClaimLost.class)
                .hasMessageContaining("writes nothing more");
    }

    @Test
    void of_what_a_dead_run_left_in_flight_only_what_may_have_been_sent_comes_back_in_doubt() {
        long sent = orders.order().queue();
        long read = orders.order().queue();
        long waited = orders.order().queue();
        ClaimedPage page = claim(CONTACTS);
        intents.open(
                1,
                1,
                List.of(
                        intent(page, sent, Attempt.Purpose.PATCH),
                        intent(page, read, Attempt.Purpose.BEFORE_IMAGE)));

        assertThat(queue.reclaim()).isEqualTo(new ChangeQueue.Reclaimed(3, 1));
        assertThat(claim(CONTACTS).rows().stream().map(ClaimedPage.Row::change))
                .extracting(
                        AttributeChange::id, AttributeChange::inDoubt, AttributeChange::attempts)
                .containsExactlyInAnyOrder(
                        tuple(sent, true, 1), tuple(read, false, 0), tuple(waited, false, 0));
    }

    @Test
    void doubt_stays_with_a_row_that_was_not_sent_again() {
        long id = orders.order().queue();
        intents.open(1, 1, List.of(intent(claim(CONTACTS), id, Attempt.Purpose.PATCH)));
        queue.reclaim();
        intents.closeAll();
        claim(CONTACTS);

        assertThat(queue.reclaim()).isEqualTo(new ChangeQueue.Reclaimed(1, 1));
        assertThat(view.find(id).attempts()).isEqualTo(1);
    }

    @Test
    void open_intents_are_told_with_all_that_was_known_before_the_answer() {
        Order order = orders.order();
        long one = order.setting("a", "1").queue();
        long other = order.setting("b", "2").queue();
        ClaimedPage page = claim(CONTACTS);
        var patch =
                new Intent(
                        Attempt.Purpose.PATCH,
                        page.rows().getFirst().change().participant(),
                        List.of(one, other),
                        "PATCH",
                        "/there",
                        "abc");
        List<ClaimedIntent> block =
                List.of(
                        new ClaimedIntent(page.claim(), patch),
                        intent(page, one, Attempt.Purpose.READ_BACK));
        intents.open(5, 1, block);
        intents.open(5, 1, block);

        assertThat(intents.all())
                .as("the same block twice is one")
                .hasSize(2)
                .allSatisfy(unanswered -> {
                    assertThat(unanswered.run()).isEqualTo(5);
                    assertThat(unanswered.claim()).isEqualTo(page.claim());
                })
                .first()
                .satisfies(unanswered ->
                        assertThat(unanswered.attempt())
                                .isEqualTo(patch.unanswered(unanswered.attempt().startedAt())));
        intents.close(page.claim() + 1);
        assertThat(intents.all()).hasSize(2);
        intents.close(page.claim());
        assertThat(intents.all()).isEmpty();
    }

    private static ClaimedIntent intent(ClaimedPage page, long id, Attempt.Purpose purpose) {
        AttributeChange change =
                page.rows().stream()
                        .map(ClaimedPage.Row::change)
                        .filter(row -> row.id() == id)
                        .findFirst()
                        .orElseThrow();
        return new ClaimedIntent(
                page.claim(),
                new Intent(purpose, change.participant(), List.of(id), "GET", "/there", null));
    }

    @Test
    void only_a_pending_row_can_be_cancelled() {
        long id = orders.order().queue();
        long inFlight = orders.order().as("agent").queue();
        claim(AGENTS);

        assertThat(queue.cancel(id)).hasSize(1);
        assertThat(orders.state(id)).isEqualTo("CANCELLED");
        assertThat(queue.cancel(id)).isEmpty();
        assertThat(queue.cancel(inFlight)).isEmpty();
    }

    @Test
    void what_a_row_tries_again_is_there_and_stays() {
        var jdbc = JdbcClient.create(dataSource);
        long old = orders.order().queue();
        long newer = orders.order().queue();
        String link = "UPDATE reconciler.attribute_change SET redrives = :old WHERE id = :newer";
        jdbc.sql(link).param("old", old).param("newer", newer).update();

        assertThatThrownBy(() -> jdbc.sql(link).param("old", 99).param("newer", newer).update())
                .hasMessageContaining("there is no change 99 to try again");
        assertThatThrownBy(() ->
                        jdbc.sql("DELETE FROM reconciler.attribute_change WHERE id = :old")
                                .param("old", old)
                                .update())
                .hasMessageContaining("change " + old + " was tried again by another");
        assertThat(jdbc.sql("DELETE FROM reconciler.attribute_change").update())
                .as("both at once")
                .isEqualTo(2);
    }

    @Test
    void a_forecast_counts_requests_by_participant() {
        Order order = orders.order();
        order.setting("a", "1").queue();
        order.setting("b", "2").queue();
        order.setting("b", "3").queue();
        orders.order().applyBy(Duration.ofMinutes(-1)).queue();

        assertThat(dueChanges.forecast(everything()))
                .singleElement()
                .satisfies(forecast -> {
                    assertThat(forecast.rows()).isEqualTo(4);
                    assertThat(forecast.superseded()).isEqualTo(1);
                    assertThat(forecast.expired()).isEqualTo(1);
                    assertThat(forecast.participants()).isEqualTo(1);
                });
        assertThat(dueChanges.byRole(everything()))
                .containsEntry(new ParticipantRole("contact"), 4L);
    }

    @ParameterizedTest
    @EnumSource(ChangeState.class)
    void the_database_knows_every_state(ChangeState state) {
        String check =
                JdbcClient.create(dataSource)
                        .sql(
                                "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'state_is_known'")
                        .query(String.class)
                        .single();

        assertThat(check).contains("'" + state.name() + "'");
        assertThat(check.split("::text").length - 1)
                .isGreaterThanOrEqualTo(ChangeState.values().length);
    }

    private ClaimedPage claim(Partition partition) {
        return queue.claim(partition, everything(), null, 100);
    }

    private Scope everything() {
        return dueChanges.scopeNow(Set.of(), new ApprovalRule.None());
    }

    private void settle(ClaimedPage page, Disposition disposition) {
        queue.settle(
                page.claim(),
                page.rows().stream()
                        .map(row ->
                                new Settlement(
                                        row.change(),
                                        disposition,
                                        1,
                                        false,
                                        Evidence.NONE,
                                        null,
                                        null))
                        .toList());
    }

    private void defer(long id) {
        ClaimedPage page = claim(CONTACTS);
        assertThat(ids(page)).containsExactly(id);
        settle(page, new Disposition.Deferred(Duration.ofHours(1)));
    }

    private static List<Long> ids(ClaimedPage page) {
        return page.rows().stream().map(row -> row.change().id()).toList();
    }
}
