package reconciler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.cli.Desk.Said;
import reconciler.queue.Orders;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A plan shows what a run would do, and a run of it does that and nothing else.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class PlanCommandTest {
    private static final Pattern NAME = Pattern.compile("Plan (p_\\d+) sha256:[0-9a-f]{64} valid");

    @TempDir private Path folder;

    private Desk desk;
    private long set;

    @BeforeEach
    void open() {
        desk = new Desk(folder);
        set = desk.orders.set();
    }

    @AfterEach
    void close() {
        desk.close();
    }

    @Test
    void every_kind_of_finding_is_shown_and_nothing_is_changed() {
        there("customer", Map.of("priority", "low")).queue();
        there("customer", Map.of()).queue();
        there("customer", Map.of("priority", "high")).queue();
        there("agent", Map.of()).queue();
        desk.orders.order().inSet(set).queue();
        Orders.Order ended = there("customer", Map.of());
        desk.simulator.conversations().end(ended.conversation().toString());
        ended.queue();
        there("customer", Map.of()).applyBy(Duration.ofHours(-1)).queue();
        Orders.Order twice = there("customer", Map.of());
        twice.queue();
        twice.setting("priority", "higher").queue();

        Said said = plan("--detailed-exitcode");

        assertThat(said.exit()).as(said.err()).isEqualTo(2);
        assertThat(said.out())
                .containsPattern("to change +contact +priority +low +-> +high +1")
                .containsPattern("to change +contact +priority +\\(none\\) +-> +high +1")
                .contains(
                        "9 rows: 3 to change, 1 role to be corrected, 1 already so, 1 conversation ended, "
                                + "1 participant gone, 1 superseded, 1 expired.")
                .contains("A run needs 13 requests (7 reads, 6 changes)");
        assertThat(desk.simulator.ledger().totals().applied()).isZero();
        assertThat(states()).containsOnly(Map.entry("PENDING", 9L));
    }

    @Test
    void every_row_is_shown_from_what_to_what() {
        long changed = there("customer", Map.of("priority", "low")).queue();
        long added = there("customer", Map.of()).queue();
        long same = there("customer", Map.of("priority", "high")).queue();
        long gone = desk.orders.order().inSet(set).queue();

        Said table = plan("--rows");
        assertThat(table.out())
                .containsPattern("~ +" + changed + " +contact +\\S+ +priority +low +-> +high\n")
                .containsPattern(
                        "\\+ +" + added + " +contact +\\S+ +priority +\\(none\\) +-> +high\n")
                .containsPattern("= +" + same + " +contact +\\S+ +priority +already so\n")
                .containsPattern("! +" + gone + " +contact +\\S+ +priority +participant gone\n")
                .contains("4 rows: 2 to change", "Plan p_1 sha256:");

        Said lines = plan("--rows", "-o", "jsonl");
        assertThat(lines.err()).startsWith("Plan p_2 sha256:").hasLineCount(1);
        assertThat(lines.out().lines().map(JsonMapper.shared()::readTree))
                .hasSize(4)
                .anySatisfy(row -> {
                    assertThat(row.at("/change_id").asLong()).isEqualTo(changed);
                    assertThat(row.at("/finding").asString()).isEqualTo("CHANGE");
                    assertThat(row.at("/before_value").asString()).isEqualTo("low");
                    assertThat(row.at("/requested_value").asString()).isEqualTo("high");
                });
        assertThat(plan("--rows", "-o", "csv").out())
                .startsWith(
                        "change_id,finding,conversation_id,participant_id,participant_role,own_role,")
                .hasLineCount(5);
    }

    @Test
    void one_request_serves_every_participant_of_a_conversation() {
        UUID conversation = UUID.randomUUID();
        for (int i = 0; i < 5; i++) {
            Orders.Order order = desk.orders.order().of(conversation, UUID.randomUUID());
            exists(order, "customer", Map.of());
            order.inSet(set).queue();
        }

        assertThat(plan().out()).contains("6 requests (1 read, 5 changes)");
        assertThat(desk.simulator.ledger().totals().requests()).isEqualTo(2);
    }

    @Test
    void json_has_the_plan_its_counts_and_its_estimate() {
        there("customer", Map.of("priority", "low")).queue();

        JsonNode json = JsonMapper.shared().readTree(plan("-o", "json").out());

        assertThat(json.at("/plan/id").asString()).isEqualTo("p_1");
        assertThat(json.at("/plan/sha256").asString()).hasSize(64);
        assertThat(json.at("/rows/change").asInt()).isEqualTo(1);
        assertThat(json.at("/groups/0/before").asString()).isEqualTo("low");
        assertThat(json.at("/estimate/requests").asInt()).isEqualTo(2);
    }

    @Test
    void without_a_set_it_is_what_the_job_would_take() {
        there("customer", Map.of()).queue();
        desk.order().queue();
        desk.order().notBefore(Duration.ofHours(1)).queue();

        Said said = desk.says("plan", "--job", "quick");

        assertThat(said.out()).contains("2 rows: 2 to change.");
        assertThat(desk.says("run", "quick", "--plan", name(said)).exit()).isZero();
        assertThat(states()).containsEntry("APPLIED", 2L);
    }

    @Test
    void a_run_of_a_plan_takes_its_rows_and_no_others() {
        long planned = there("customer", Map.of("priority", "low")).queue();
        long other = desk.order().queue();
        String plan = name(plan());

        Said said = desk.says("run", "quick", "--plan", plan);

        assertThat(said.exit()).as(said.err()).isZero();
        assertThat(desk.orders.state(planned)).isEqualTo("APPLIED");
        assertThat(desk.orders.state(other)).isEqualTo("PENDING");
    }

    @Test
    void what_has_drifted_since_the_plan_is_not_sent_even_where_nothing_is_read_before() {
        desk.write("quick.yml", "job: quick\nrate: {per-minute: 1000000}\nbefore-image: off\n");
        Orders.Order drifting = there("customer", Map.of("priority", "low"));
        long drifted = drifting.queue();
        long gone = desk.orders.order().inSet(set).queue();
        long steady = there("customer", Map.of("priority", "low")).queue();
        Orders.Order alreadySo = there("customer", Map.of("priority", "low"));
        long alike = alreadySo.queue();
        String plan = name(plan());
        exists(drifting, "customer", Map.of("priority", "middling"));
        exists(alreadySo, "customer", Map.of("priority", "high"));

        Said said = desk.says("run", "quick", "--plan", plan);

        assertThat(said.exit()).isEqualTo(3);
        assertThat(desk.orders.state(drifted)).isEqualTo("CONFLICT");
        assertThat(desk.orders.state(steady)).isEqualTo("APPLIED");
        assertThat(desk.orders.state(alike)).isEqualTo("UNCHANGED");
        assertThat(desk.orders.state(gone)).isEqualTo("REJECTED");
        assertThat(desk.says("explain", String.valueOf(drifted)).out())
                .contains("drifted since the plan");
        assertThat(value(drifting)).isEqualTo("middling");
    }

    @Test
    void what_a_plan_did_not_look_at_is_not_sent_when_it_is_superseded_no_more() {
        Orders.Order order = there("customer", Map.of());
        long older = order.queue();
        long newer = desk.order().of(order.conversation(), order.participant()).queue();
        long steady = there("customer", Map.of()).queue();
        Said planned = plan();
        assertThat(planned.out()).contains("2 rows: 1 to change, 1 superseded.");
        assertThat(desk.says("cancel", "--change", "" + newer, "--reason", "a mistake").exit())
                .isZero();

        Said said = desk.says("run", "quick", "--plan", name(planned));

        assertThat(said.exit()).as(said.err()).isEqualTo(3);
        assertThat(said.err()).contains("1 CONFLICT plan.not-seen");
        assertThat(desk.orders.state(older)).isEqualTo("CONFLICT");
        assertThat(desk.orders.state(steady)).isEqualTo("APPLIED");
        assertThat(value(order)).isEmpty();
        assertThat(desk.says("explain", "" + older).out())
                .contains("its plan did not see what was there");
    }

    @Test
    void a_plan_that_does_not_hold_is_refused_with_what_to_do() {
        there("customer", Map.of()).queue();
        String first = name(plan());
        String second = name(plan());
        assertRefused(first, "plan " + second + " took its place", "`reconciler plan " + set + "`");

        there("customer", Map.of()).queue();
        assertRefused(second, "rows were added to change set");

        String third = name(plan());
        sql("UPDATE reconciler.plan SET valid_until = now() - interval '1 minute'");
        assertRefused(third, "expired at");

        assertRefused(name(plan("--sample", "1")), "is a sample");
        String last = name(plan());
        assertThat(desk.says("run", "quick", "--plan", last).exit()).isZero();
        assertRefused(last, "is done");
        assertRefused("p_4711", "there is no plan p_4711");
        assertThat(desk.says("run", "quick", "--plan", "last").exit()).isEqualTo(64);
    }

    @Test
    void a_cancelled_row_voids_the_plan_and_an_altered_plan_is_found_out() {
        long row = there("customer", Map.of()).queue();
        there("customer", Map.of()).queue();
        String plan = name(plan());
        sql("UPDATE reconciler.plan_row SET before_commit = sha256('x') WHERE change_id = " + row);
        assertRefused(plan, "is not what it was");

        String next = name(plan());
        sql(
                "UPDATE reconciler.attribute_change SET state = 'CANCELLED', settled_at = now() WHERE id = "
                        + row);
        assertRefused(next, "rows of the change set were cancelled");
    }

    @Test
    void a_set_of_which_nothing_waits_is_not_planned() {
        assertThat(desk.says("plan", "4711", "--job", "quick").err())
                .contains("there is no change set 4711");
        long row = there("customer", Map.of()).queue();
        sql(
                "UPDATE reconciler.attribute_change SET state = 'CANCELLED', settled_at = now() WHERE id = "
                        + row);

        Said said = plan();

        assertThat(said.exit()).isEqualTo(65);
        assertThat(said.err()).contains("it was cancelled; queue it anew");
    }

    @Test
    void a_sample_stands_for_the_whole() {
        for (int i = 0; i < 20; i++) {
            there("customer", Map.of()).queue();
        }

        Said said = plan("--sample", "5");

        assertThat(said.out())
                .contains("5 rows of 20 looked at: 5 to change.")
                .contains("about 40 requests (20 reads, 20 changes)")
                .contains("A sample can be neither approved nor applied.");
    }

    @Test
    void a_deadline_or_a_window_that_is_too_short_is_told() {
        desk.write(
                "slow.yml",
                "job: slow\nrate: {per-minute: 1}\nschedule: {cron: \"0 2 * * *\", window: \"02:00-02:01\"}\n");
        there("customer", Map.of()).applyBy(Duration.ofMinutes(1)).queue();

        Said said = desk.says("plan", String.valueOf(set), "--job", "slow");

        assertThat(said.out())
                .contains("that is not time enough")
                .contains("too late for up to 1 row");
    }

    private Orders.Order there(String purpose, Map<String, String> attributes) {
        Orders.Order order = desk.orders.order();
        exists(order, purpose, attributes);
        return order.inSet(set);
    }

    private void exists(Orders.Order order, String purpose, Map<String, String> attributes) {
        desk.simulator
                .conversations()
                .add(
                        order.conversation().toString(),
                        order.participant().toString(),
                        purpose,
                        attributes);
    }

    private String value(Orders.Order order) {
        return desk.simulator
                .conversations()
                .value(order.conversation().toString(), order.participant().toString(), "priority")
                .orElse("");
    }

    private Said plan(String... more) {
        var command = new ArrayList<>(List.of("plan", "" + set, "--job", "quick"));
        command.addAll(List.of(more));
        return desk.says(command.toArray(String[]::new));
    }

    private static String name(Said said) {
        Matcher name = NAME.matcher(said.out());
        assertThat(name.find()).as(said.out() + said.err()).isTrue();
        return name.group(1);
    }

    private void assertRefused(String plan, String... words) {
        Said said = desk.says("run", "quick", "--plan", plan);
        assertThat(said.exit()).as(said.err()).isEqualTo(65);
        assertThat(said.err()).contains(words);
    }

    private Map<String, Long> states() {
        var states = new HashMap<String, Long>();
        JdbcClient.create(desk.database.dataSource())
                .sql(
                        "SELECT state, count(*) AS rows FROM reconciler.attribute_change GROUP BY state")
                .query(row -> {
                    states.put(row.getString("state"), row.getLong("rows"));
                });
        return states;
    }

    private void sql(String statement) {
        JdbcClient.create(desk.database.dataSource()).sql(statement).update();
    }
}
