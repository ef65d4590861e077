package reconciler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class StatusCommandTest {
    private static final String STRICT =
            """
            job: strict
            select: {approval: required}
            schedule: {cron: "0 2 * * *"}
            """;

    @TempDir private Path folder;

    private Desk desk;
    private JdbcClient jdbc;

    @BeforeEach
    void open() {
        desk = new Desk(folder);
        jdbc = JdbcClient.create(desk.database.dataSource());
        desk.write("strict.yml", STRICT);
    }

    @AfterEach
    void close() {
        desk.close();
    }

    @Test
    void a_pause_that_the_api_asked_for_is_shown_while_it_lasts() {
        jdbc.sql(
                        """
                        INSERT INTO reconciler.rate (name, limited_until)
                        VALUES ('api.example.org client over', clock_timestamp() - interval '1 minute'),
                               ('api.example.org client held', clock_timestamp() + interval '1 minute')
                        """)
                .update();

        assertThat(status())
                .containsPattern(
                        "api.example.org client held: limited until \\d\\d:\\d\\d:\\d\\d"
                                + " \\(the API asked for a pause\\)")
                .doesNotContain("client over");
    }

    @Test
    void what_does_not_move_is_shown_with_the_reason_and_the_remedy() {
        long paused = desk.orders.set();
        desk.order().inSet(paused).queue();
        assertThat(desk.says("pause", String.valueOf(paused), "--reason", "being checked").exit())
                .isZero();
        long unapproved = desk.orders.set();
        desk.order().inSet(unapproved).queue();
        desk.order().inSet(unapproved).queue();
        long approved = desk.orders.set();
        desk.order().inSet(approved).queue();
        desk.orders.approve(approved, "ann");
        desk.order().notBefore(Duration.ofHours(3)).queue();

        assertThat(status())
                .contains("No run is under way.")
                .containsPattern("contact +a run +1 ")
                .containsPattern("contact +an approval +2 ")
                .containsPattern("contact +the end of its pause +1 ")
                .containsPattern("contact +its not-before +1 .*[+Z]")
                .containsPattern(
                        "Change set "
                                + paused
                                + " is paused by .+ \\(being checked\\): `reconciler unpause "
                                + paused
                                + "` resumes it")
                .contains(
                        "2 rows of change set "
                                + unapproved
                                + " wait for an approval: `reconciler plan "
                                + unapproved
                                + "`, then another person than kim runs `reconciler approve "
                                + unapproved
                                + "`")
                .contains("1 row is not due yet; the first is at ")
                .contains(
                        "1 row waits for a run: `reconciler run strict` takes it now, the schedule at ")
                .containsPattern(
                        "Schedule of strict: 0 2 \\* \\* \\* in UTC; next \\w{3} \\d+ \\w{3} \\d{4} 02:00, .+, .+ 02:00\\.");
        JsonNode json =
                JsonMapper.shared()
                        .readTree(desk.says("status", "--job", "strict", "-o", "json").out());
        assertThat(json.path("waiting")).hasSize(4);
        assertThat(json.path("next_firings")).hasSize(3);
        assertThat(json.path("why")).hasSize(4);
        assertThat(json.path("under_way").isNull()).isTrue();
    }

    @Test
    void a_run_under_way_is_shown_by_role_with_its_rate_and_what_is_left() {
        holdsTheLease(Duration.ofMinutes(1));

        assertThat(desk.says("status", "--utc").out())
                .contains("A run that is about to begin is under way: host-1 (pid 7), since ")
                .containsPattern("agent +200 +50 +5 +150")
                .containsPattern("contact +1800 +450 +0 +1350")
                .contains(
                        "500 of 2000 rows settled, 1000 requests so far; now 240 requests a minute of at most 300, 2.5 % answered"
                                + " 429; about 12 min left, until ")
                .contains("It was asked to stop by kim (wrong list) and settles what it has sent");
        JsonNode run =
                JsonMapper.shared()
                        .readTree(desk.says("status", "-o", "json").out())
                        .path("under_way");
        assertThat(run.path("seconds_left").asLong()).isEqualTo(750);
        assertThat(run.path("roles")).hasSize(2);
    }

    @Test
    void why_a_run_sends_nothing_is_told_by_the_run_itself() {
        holdsTheLease(Duration.ofMinutes(1));
        jdbc.sql("UPDATE reconciler.lease SET held_up_by = 'the API is left alone for 60 s'")
                .update();

        assertThat(desk.says("status").out())
                .contains(
                        "Nothing is sent for now: the API is left alone for 60 s; the run tries again by itself");
    }

    @Test
    void an_open_express_lane_is_shown_and_what_it_has_in_hand_is_not_taken_for_dead() {
        long change = desk.order().applyBy(Duration.ofHours(1)).queue();
        jdbc.sql(
                        """
                        INSERT INTO reconciler.lease (name, epoch, owner, acquired_at, renewed_at, expires_at)
                        VALUES ('express', 1, 'job express on host-1, process 7', now(), now(), now() + interval '1 minute')
                        """)
                .update();
        jdbc.sql(
                        "UPDATE reconciler.attribute_change SET state = 'IN_FLIGHT', claim = -1 WHERE id = :id")
                .param("id", change)
                .update();

        assertThat(status())
                .contains("No run is under way.")
                .contains("The express lane is open: job express on host-1, process 7, since ")
                .contains("; 1 row in flight.")
                .doesNotContain("died");
        jdbc.sql("UPDATE reconciler.lease SET expires_at = now()").update();
        assertThat(status()).doesNotContain("The express lane").contains("a run that died");
    }

    @Test
    void watching_ends_with_the_run() {
        holdsTheLease(Duration.ofSeconds(2));

        Desk.Said said = desk.says("status", "--watch", "--every", "100ms");

        assertThat(said.exit()).isZero();
        assertThat(said.out()).contains("is under way").contains("No run is under way.");
    }

    @Test
    void without_the_job_file_it_says_what_it_does_not_know() {
        desk.order().queue();

        assertThat(desk.says("status", "--job", "nowhere").out())
                .contains("1 row waits for a run")
                .contains("is not known: no job \"nowhere\" in ");
    }

    private String status() {
        Desk.Said said = desk.says("status", "--job", "strict");
        assertThat(said.exit()).as(said.err()).isZero();
        return said.out();
    }

    private void holdsTheLease(Duration time) {
        jdbc.sql(
                        """
                        INSERT INTO reconciler.lease (name, epoch, owner, acquired_at, renewed_at, expires_at, stop_requested_by,
                                                      stop_reason, requests, throttled, settled, recent_requests,
                                                      recent_throttled, recent_millis, ceiling_per_minute, roles, role_planned,
                                                      role_settled, role_not_applied)
                        VALUES ('reconciler', 1, 'host-1 (pid 7)', clock_timestamp() - interval '5 minutes', clock_timestamp(),
                                clock_timestamp() + :millis * interval '1 millisecond', 'kim', 'wrong list', 1000, 10, 500, 120,
                                3, 30000, 300, '{agent,contact}', '{200,1800}', '{50,450}', '{5,0}')
                        """)
                .param("millis", time.toMillis())
                .update();
    }
}
