package reconciler.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.change.AttributeChange;
import reconciler.change.ParticipantRole;
import reconciler.database.Database;
import reconciler.embedded.TestPostgres;
import reconciler.outcome.Disposition;
import reconciler.outcome.Evidence;
import reconciler.outcome.Settlement;
import reconciler.partition.Partition;
import reconciler.queue.ClaimedPage.Position;
import reconciler.queue.Orders.Order;

/// What is applied all or not at all is claimed, put off and withdrawn all or not at all.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class AtomicGroupsTest {
    private static final Partition CONTACTS =
            new Partition(new ParticipantRole("contact"), 0, 0, 1024);
    private static final Map<String, String> THREE = attributes("a", "1", "b", "2", "c", "3");

    private static Database database;
    private static Orders orders;

    private ChangeQueue queue;
    private JdbcClient jdbc;

    @BeforeAll
    static void open() {
        database = Database.open(TestPostgres.freshDatabase(), 4);
        orders = new Orders(database.dataSource());
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @BeforeEach
    void empty() {
        queue = new ChangeQueue(database.dataSource());
        jdbc = JdbcClient.create(database.dataSource());
        jdbc.sql("DELETE FROM reconciler.attribute_change").update();
    }

    @Test
    void the_end_of_a_page_cuts_no_group() {
        long set = orders.atomicSet();
        for (int i = 0; i < 7; i++) {
            orders.queueTogether(orders.order().inSet(set), THREE);
        }
        var sizes = new ArrayList<Integer>();
        var claimed = new ArrayList<Long>();
        Scope scope = everything();
        Position after = null;
        do {
            ClaimedPage page = queue.claim(CONTACTS, scope, after, 4);
            after = page.end();
            sizes.add(page.rows().size());
            claimed.addAll(ids(page));
        } while (after != null);

        assertThat(sizes).as("rows of whole groups").allMatch(size -> size % 3 == 0);
        assertThat(claimed).hasSize(21).doesNotHaveDuplicates();
    }

    @Test
    void a_page_that_ends_before_a_group_of_the_same_participant_does_not_take_it() {
        Order order = orders.order();
        long before = order.setting("z", "0").queue();
        List<Long> group = orders.queueTogether(order.inSet(orders.atomicSet()), THREE);

        assertThat(ids(queue.claim(CONTACTS, everything(), null, 1))).containsExactly(before);
        assertThat(states(group)).containsOnly("PENDING");
    }

    @Test
    void a_newer_change_to_one_attribute_supersedes_that_one_alone() {
        Order order = orders.order();
        List<Long> group = orders.queueTogether(order.inSet(orders.atomicSet()), THREE);
        long newer = order.setting("b", "9").queue();

        assertThat(queue.claim(CONTACTS, everything(), null, 1).rows())
                .extracting(row -> row.change().id() + " by " + row.supersededBy())
                .containsExactly(
                        group.get(0) + " by null",
                        group.get(1) + " by " + newer,
                        group.get(2) + " by null");
    }

    @Test
    void what_is_put_off_is_due_again_all_at_once() {
        List<Long> group = orders.queueTogether(orders.order().inSet(orders.atomicSet()), THREE);
        ClaimedPage page = queue.claim(CONTACTS, everything(), null, 100);
        queue.settle(
                page.claim(),
                page.rows().stream()
                        .map(row ->
                                new Settlement(
                                        row.change(),
                                        new Disposition.Deferred(Duration.ofHours(1)),
                                        1,
                                        false,
                                        Evidence.NONE,
                                        null,
                                        null))
                        .toList());

        assertThat(
                        jdbc.sql(
                                        "SELECT count(DISTINCT next_attempt_at) FROM reconciler.attribute_change WHERE id = ANY (:ids)")
                                .param("ids", group.toArray(Long[]::new))
                                .query(Long.class)
                                .single())
                .isEqualTo(1);
    }

    @Test
    void one_that_is_withdrawn_takes_the_others_along() {
        List<Long> group = orders.queueTogether(orders.order().inSet(orders.atomicSet()), THREE);

        assertThat(queue.cancel(group.get(1)))
                .extracting(AttributeChange::id)
                .containsExactlyInAnyOrderElementsOf(group);
        assertThat(states(group)).containsOnly("CANCELLED");
        assertThat(queue.cancel(group.get(1))).isEmpty();
    }

    @Test
    void a_set_that_is_withdrawn_in_batches_is_withdrawn_by_groups() {
        long set = orders.atomicSet();
        orders.queueTogether(orders.order().inSet(set), THREE);
        orders.queueTogether(orders.order().inSet(set), THREE);

        assertThat(queue.cancel(set, 0, 2)).hasSize(3);
        assertThat(queue.cancel(set, 0, 2)).hasSize(3);
    }

    @Test
    void one_that_is_taken_by_hand_takes_the_others_along() {
        List<Long> group = orders.queueTogether(orders.order().inSet(orders.atomicSet()), THREE);

        assertThat(queue.read(group.get(2)))
                .extracting(AttributeChange::id)
                .containsExactlyElementsOf(group);
        assertThat(queue.claim(group.get(2), everything()))
                .isInstanceOfSatisfying(
                        HandClaim.Taken.class,
                        taken -> assertThat(ids(taken.page())).containsExactlyElementsOf(group));
    }

    @ParameterizedTest
    @CsvSource({
        "'a,a', NULL, an attribute is named twice",
        "'a,b', now() + number * interval '1 hour', 'they have not all the same role, not_before, apply_by and priority'",
    })
    void the_table_refuses_what_could_not_be_sent_together(
            String names, String notBefore, String reason) {
        assertThatThrownBy(
                        () -> insert(orders.order(), orders.atomicSet(), names, notBefore, "set"))
                .hasMessageContaining("cannot be applied all or not at all: " + reason);
    }

    @Test
    void the_table_refuses_a_group_that_is_larger_than_a_request() {
        long set = orders.atomicSet();
        // {"type":"contact","participantAttributes":{"a":"...","b":"..."}}
        int room =
                512_000
                        - "{\"type\":\"contact\",\"participantAttributes\":{\"a\":\"\",\"b\":\"\"}}"
                                .length();
        String half = "x".repeat(room / 2);
        orders.queueTogether(
                orders.order().inSet(set), attributes("a", half, "b", "x".repeat(room - room / 2)));

        assertThatThrownBy(() ->
                        orders.queueTogether(
                                orders.order().inSet(set),
                                attributes("a", half, "b", "x".repeat(room - room / 2 + 1))))
                .hasMessageContaining("a request of 512001 bytes is more than the 512000");
    }

    @Test
    void the_table_refuses_what_comes_later_or_stands_alone() {
        Order order = orders.order();
        long set = orders.atomicSet();
        insert(order, set, "a,b", "NULL", "set");

        assertThatThrownBy(() -> insert(order, set, "c", "NULL", "set"))
                .hasMessageContaining("some of them were queued before");
        assertThatThrownBy(() -> insert(order, set, "c", "NULL", "NULL"))
                .hasMessageContaining("is atomic: its changes need an atomic_group");
    }

    private void insert(Order order, long set, String names, String notBefore, String group) {
        jdbc.sql(
                        """
                        INSERT INTO reconciler.attribute_change
                               (conversation_id, participant_id, participant_role, attribute_name, attribute_value, requested_by,
                                change_set_id, atomic_group, not_before)
                        SELECT :conversation, :participant, 'contact', name, 'x', 'kim', :set, %s, %s
                          FROM string_to_table(:names, ',') WITH ORDINALITY AS n (name, number)
                        """
                                .formatted(group.equals("set") ? ":set" : "NULL", notBefore))
                .param("conversation", order.conversation())
                .param("participant", order.participant())
                .param("set", set)
                .param("names", names)
                .update();
    }

    private List<String> states(List<Long> ids) {
        return ids.stream().map(orders::state).toList();
    }

    private Scope everything() {
        return new DueChanges(database.dataSource()).scopeNow(Set.of(), new ApprovalRule.None());
    }

    private static List<Long> ids(ClaimedPage page) {
        return page.rows().stream().map(row -> row.change().id()).toList();
    }

    private static Map<String, String> attributes(String... namesAndValues) {
        var attributes = new LinkedHashMap<String, String>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            attributes.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return attributes;
    }
}
