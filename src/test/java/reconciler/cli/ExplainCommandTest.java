package reconciler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.queue.Orders;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The story of a change leaves nothing out and is told in order.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ExplainCommandTest {
    private static final String STRICT =
            """
            job: strict
            select: {approval: required}
            rate: {per-minute: 1000000}
            unavailable: {attempts: 1, backoff: 1ms..1ms}
            """;

    @TempDir private Path folder;

    private Desk desk;

    @BeforeEach
    void open() {
        desk = new Desk(folder);
        desk.write("strict.yml", STRICT);
    }

    @AfterEach
    void close() {
        desk.close();
    }

    @Test
    void from_the_order_over_plan_approval_and_requests_to_the_outcome() {
        long set = desk.orders.set();
        String change = String.valueOf(there().inSet(set).queue());
        desk.says("pause", String.valueOf(set), "--reason", "being checked");
        assertThat(explain(change)).contains("It is paused", "`reconciler unpause " + set + "`");
        desk.says("unpause", String.valueOf(set));
        assertThat(explain(change))
                .contains("It waits for an approval: `reconciler plan " + set + "`");
        assertThat(desk.says("plan", String.valueOf(set), "--job", "strict").exit()).isZero();
        approve(set);
        assertThat(explain(change))
                .contains("It waits for the next run (`reconciler run strict`).");
        assertThat(desk.says("run", "strict").exit()).isZero();

        assertThat(explain(change))
                .containsSubsequence(
                        "change " + change + " queued by kim in change set " + set,
                        "change set " + set + " paused by ",
                        "\"being checked\"",
                        "change set " + set + " unpaused by ",
                        "plan p_1 by ",
                        ": to change",
                        "read what is there in run 1: GET -> 200 in ",
                        "\n    /api/v2/conversations/",
                        "\n    correlation id ",
                        "sent in run 1: PATCH -> 200 in ",
                        "\n    /api/v2/conversations/",
                        "APPLIED in run 1, approved by ann: the API confirmed the value",
                        "Nothing is left to do.");
        assertThat(explain(change).lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(120));
    }

    @Test
    void everything_ever_done_to_one_participant_is_one_story() {
        Orders.Order first = there();
        long one = first.queue();
        long other = first.setting("tier", "gold").queue();
        assertThat(desk.says("run", "quick").exit()).isZero();
        long waiting = first.setting("tier", "silver").queue();

        Desk.Said said = desk.says("explain", "--participant", first.participant().toString());

        assertThat(said.exit()).isZero();
        assertThat(said.out())
                .containsSubsequence(
                        "change " + one + " queued",
                        "change " + other + " queued",
                        "sent in run 1",
                        "APPLIED in run 1",
                        "change " + waiting + " queued");
        assertThat(said.out().split("sent in run 1", -1)).as("one request for both").hasSize(2);
        assertThat(said.err()).contains("3 changes.");
    }

    @Test
    void a_story_is_told_to_programs_too() {
        Orders.Order order = there();
        long change = order.queue();
        assertThat(desk.says("run", "quick").exit()).isZero();

        JsonNode of = JsonMapper.shared().readTree(explain(String.valueOf(change), "-o", "json"));
        assertThat(of.get("schemaVersion").intValue()).isEqualTo(1);
        assertThat(of.get("change").longValue()).isEqualTo(change);
        assertThat(of.get("state").stringValue()).isEqualTo("APPLIED");
        assertThat(of.get("next").stringValue()).isEqualTo("Nothing is left to do.");
        assertThat(of.get("chapters"))
                .last()
                .satisfies(
                        last -> assertThat(Instant.parse(last.get("at").stringValue())).isNotNull())
                .satisfies(last ->
                        assertThat(last.get("what").stringValue()).startsWith("APPLIED in run 1"));

        JsonNode all =
                JsonMapper.shared()
                        .readTree(
                                explain(
                                        "--participant",
                                        order.participant().toString(),
                                        "-o",
                                        "json"));
        assertThat(all.get("changes")).extracting(JsonNode::longValue).containsExactly(change);
        assertThat(all.get("chapters")).isEqualTo(of.get("chapters"));
        assertThat(explain(String.valueOf(change), "-o", "csv").lines())
                .hasSize(1 + of.get("chapters").size())
                .first()
                .isEqualTo("at,what");
    }

    @Test
    void a_change_that_was_tried_again_names_the_one_that_counts() {
        Orders.Order order = there();
        long failed = order.queue();
        desk.simulator.faults().add("503 participant=" + order.participant());
        assertThat(desk.says("run", "quick").exit()).isEqualTo(3);
        assertThat(explain(String.valueOf(failed)))
                .contains("FAILED")
                .contains("`reconciler redrive --run 1 --reason ...`");
        desk.simulator.faults().clear();
        assertThat(desk.says("redrive", "--run", "1", "--reason", "the API is back").exit())
                .isZero();

        assertThat(explain(String.valueOf(failed)))
                .contains("It was tried again: `reconciler explain " + (failed + 1) + "`.");
        assertThat(explain(String.valueOf(failed + 1))).contains("to try again change " + failed);
    }

    @Test
    void without_a_job_file_nobody_knows_whether_an_approval_is_needed() {
        String change = String.valueOf(there().inSet(desk.orders.set()).queue());
        String unknown = " Whether it needs an approval first is not known: ";

        assertThat(desk.says("explain", change).out())
                .contains("It waits for the next run (`reconciler run nightly`)." + unknown)
                .contains("no job \"nightly\" in " + folder);
        desk.write("nightly.yml", "job: nightly\nselect: {approval: perhaps}\n");
        Desk.Said json = desk.says("explain", change, "-o", "json");
        assertThat(JsonMapper.shared().readTree(json.out()).get("next").stringValue())
                .contains(unknown + "nightly.yml:2:");
        desk.write("nightly.yml", "job: nightly\n");
        assertThat(desk.says("explain", change).out()).doesNotContain(unknown);
        assertThat(desk.says("run", "quick").exit()).isZero();
        desk.write("nightly.yml", "job: nightly\nselect: {approval: perhaps}\n");
        assertThat(desk.says("explain", change).out())
                .contains("Nothing is left to do.")
                .doesNotContain(unknown);
    }

    @Test
    void a_job_that_is_asked_for_has_to_be_there() {
        String change = String.valueOf(there().queue());
        desk.write("wrong.yml", "job: wrong\nselect: {approval: perhaps}\n");

        assertThat(desk.says("explain", change, "--job", "nosuch"))
                .satisfies(said -> assertThat(said.exit()).isEqualTo(78))
                .satisfies(said -> assertThat(said.out()).isEmpty())
                .satisfies(said -> assertThat(said.err()).contains("no job \"nosuch\""));
        assertThat(desk.says("explain", change, "--job", "wrong"))
                .satisfies(said -> assertThat(said.exit()).isEqualTo(78))
                .satisfies(said -> assertThat(said.err()).contains("wrong.yml:2:"));
    }

    @Test
    void a_time_that_no_calendar_has_is_no_trouble() {
        long never = there().queue();
        long always = there().queue();
        String times =
                "UPDATE reconciler.attribute_change SET apply_by = :time::timestamptz, not_before = :time::timestamptz WHERE id = :id";
        var jdbc = JdbcClient.create(desk.database.dataSource());
        jdbc.sql(times).param("time", "-infinity").param("id", never).update();
        jdbc.sql(times).param("time", "infinity").param("id", always).update();

        assertThat(explain(String.valueOf(never))).contains("expires at 0001-01-0");
        assertThat(explain(String.valueOf(always))).contains("expires at 9999-12-30");
        assertThat(desk.says("status", "--job", "strict").exit()).isZero();
        assertThat(desk.says("run", "quick").exit()).isEqualTo(3);
        assertThat(desk.orders.state(never)).isEqualTo("EXPIRED");
        assertThat(desk.orders.state(always)).isEqualTo("PENDING");
    }

    @Test
    void what_is_not_there_is_said_so() {
        assertThat(desk.says("explain", "4711"))
                .satisfies(said -> assertThat(said.exit()).isEqualTo(65))
                .satisfies(said -> assertThat(said.err()).contains("there is no change 4711"));
        assertThat(desk.says("explain", "--participant", UUID.randomUUID().toString()))
                .satisfies(said -> assertThat(said.exit()).isEqualTo(65))
                .satisfies(said -> assertThat(said.err()).contains("nothing was ever asked for"));
    }

    private void approve(long set) {
        JdbcClient.create(desk.database.dataSource())
                .sql(
                        """
                        UPDATE reconciler.change_set s
                           SET approved_by = 'ann', approved_at = now(), approved_plan = p.id, approved_sha256 = p.sha256,
                               approved_until = now() + interval '1 day'
                          FROM reconciler.plan p WHERE p.change_set_id = s.id AND s.id = :set
                        """)
                .param("set", set)
                .update();
    }

    private String explain(String... arguments) {
        var words = new ArrayList<>(List.of("explain", "--job", "strict"));
        words.addAll(List.of(arguments));
        Desk.Said said = desk.says(words.toArray(String[]::new));
        assertThat(said.exit()).as(said.err()).isZero();
        return said.out();
    }

    private Orders.Order there() {
        Orders.Order order = desk.orders.order();
        desk.simulator
                .conversations()
                .add(
                        order.conversation().toString(),
                        order.participant().toString(),
                        "customer",
                        Map.of("priority", "low"));
        return order;
    }
}
