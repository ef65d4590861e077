package reconciler.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.UUID;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.queue.Orders;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class AuditCommandTest {
    @TempDir private Path folder;
    private Desk desk;
    private Orders.Order order;
    private String anchors;

    @BeforeEach
    void runOnce() {
        desk = new Desk(folder);
        anchors = folder.resolve("anchors").toString();
        order = desk.order();
        order.queue();
        assertThat(desk.says("run", "quick", "--quiet", "--anchor-file", anchors).exit()).isZero();
    }

    @AfterEach
    void close() {
        desk.close();
    }

    @Test
    void an_untouched_record_is_sound() {
        Desk.Said said = desk.says("audit", "verify", "--anchor", anchors);

        assertThat(said.exit()).isZero();
        assertThat(said.out())
                .startsWith("sound: 4 seals, 1 outcome, ")
                .contains("1 anchor compared")
                .contains(desk.says("audit", "anchor").out().strip());
    }

    @Test
    void an_anchor_is_posted_where_somebody_takes_it() throws Exception {
        try (var elsewhere = new MockWebServer()) {
            elsewhere.start();
            elsewhere.enqueue(new MockResponse.Builder().code(204).build());
            desk.order().queue();

            Desk.Said run =
                    desk.says("run", "quick", "--anchor-url", elsewhere.url("/anchors").toString());

            assertThat(run.exit()).isZero();
            RecordedRequest posted = elsewhere.takeRequest();
            assertThat(posted.getMethod()).isEqualTo("POST");
            assertThat(posted.getBody().utf8())
                    .contains("\"anchor\":\"" + desk.says("audit", "anchor").out().strip() + "\"");
        }
    }

    @Test
    void an_anchor_that_nobody_takes_is_said_and_the_run_keeps_its_own_result() throws Exception {
        try (var elsewhere = new MockWebServer()) {
            elsewhere.start();
            elsewhere.enqueue(new MockResponse.Builder().code(500).build());
            elsewhere.enqueue(
                    new MockResponse.Builder().code(302).addHeader("Location", "/there").build());
            String url = elsewhere.url("/anchors").toString();
            desk.order().queue();

            Desk.Said run = desk.says("run", "quick", "--quiet", "--anchor-url", url);
            Desk.Said anchor = desk.says("audit", "anchor", "--anchor-url", url);

            assertThat(run.exit()).isZero();
            assertThat(run.err())
                    .isEqualTo(
                            "reconciler: the anchor could not be posted to "
                                    + url.replace("/anchors", "")
                                    + ": it answered 500; keep this line elsewhere: "
                                    + anchor.out());
            assertThat(anchor.exit()).isEqualTo(69);
            assertThat(anchor.err()).contains("it answered 302");
        }
    }

    @Test
    void an_anchor_that_finds_no_room_is_said_and_the_run_keeps_its_own_result() {
        assumeThat(Path.of("/dev/full")).as("a disk that is always full").exists();
        desk.order().queue();

        Desk.Said run = desk.says("run", "quick", "--quiet", "--anchor-file", "/dev/full");
        Desk.Said anchor = desk.says("audit", "anchor", "--anchor-file", "/dev/full");

        assertThat(run.exit()).isZero();
        assertThat(run.err())
                .startsWith("reconciler: the anchor could not be written to /dev/full: ")
                .endsWith("; keep this line elsewhere: " + anchor.out())
                .hasLineCount(1);
        assertThat(anchor.exit()).isEqualTo(65);
        assertThat(anchor.err()).isEqualTo(run.err());
    }

    @Test
    void an_anchor_is_printed_also_when_there_is_no_such_place() {
        Path nowhere = folder.resolve("no such directory/anchors");

        Desk.Said said = desk.says("audit", "anchor", "--anchor-file", nowhere.toString());

        assertThat(said.exit()).isEqualTo(65);
        assertThat(said.out()).isEqualTo(desk.says("audit", "anchor").out());
        assertThat(said.err()).contains(nowhere.toString()).hasLineCount(1);
    }

    @Test
    void anchors_older_than_what_is_looked_at_are_not_called_compared() {
        Desk.Said said = desk.says("audit", "verify", "--since", "+1h", "--anchor", anchors);

        assertThat(said.exit()).isZero();
        assertThat(said.out())
                .contains("; 0 values erased, ", "0 anchors compared, 1 older than --since;");
    }

    @Test
    void a_month_that_is_not_over_is_exported_by_its_times_only() {
        YearMonth month = YearMonth.now(ZoneOffset.UTC);
        Path pack = folder.resolve("month.zip");

        Desk.Said said = desk.says("audit", "export", pack.toString(), "--month", month.toString());

        assertThat(said.exit()).isEqualTo(65);
        assertThat(said.err()).contains("--from " + month + "-01T00:00:00Z --until +0s");
        assertThat(pack).doesNotExist();
        assertThat(
                        desk.says(
                                        "audit",
                                        "export",
                                        pack.toString(),
                                        "--from",
                                        month + "-01T00:00:00Z",
                                        "--until",
                                        "+0s")
                                .exit())
                .isZero();
    }

    @Test
    void an_anchor_is_posted_to_no_place_that_others_could_read_along() {
        Desk.Said said = desk.says("run", "quick", "--anchor-url", "http://example.com/anchors");

        assertThat(said.exit()).isEqualTo(78);
        assertThat(said.err()).contains("--anchor-url is http on example.com");
    }

    @Test
    void batchs_notes_are_purged_by_a_command() {
        assertThat(desk.says("purge", "--keep", "90d").out()).isEqualTo("nothing is old enough\n");
        assertThat(desk.says("purge", "--keep", "36500d").out())
                .isEqualTo("nothing is old enough\n");
        assertThat(desk.says("purge", "--keep", "soon").exit()).isEqualTo(64);
    }

    @Test
    void a_record_that_was_changed_is_named_and_ends_with_9() {
        var jdbc = JdbcClient.create(desk.database.dataSource());
        jdbc.sql("ALTER TABLE audit.outcome DISABLE TRIGGER USER").update();
        jdbc.sql("UPDATE audit.outcome SET requested_by = 'eve'").update();

        Desk.Said said = desk.says("audit", "verify");

        assertThat(said.exit()).isEqualTo(9);
        assertThat(said.err()).startsWith("BROKEN: outcome 1 (change 1) was altered");
    }

    @Test
    void a_pack_is_written_once() {
        String pack = folder.resolve("pack.zip").toString();

        assertThat(desk.says("audit", "export", pack, "--run", "1").exit()).isZero();
        assertThat(Path.of(pack)).isNotEmptyFile();
        assertThat(desk.says("audit", "export", pack, "--run", "1").err())
                .contains("exists; name another file");
        assertThat(desk.says("audit", "export", pack).exit()).isEqualTo(64);
        assertThat(desk.says("audit", "export", pack + "2", "--run", "9").err())
                .isEqualTo("reconciler: there is no run 9\n");
    }

    @Test
    void an_erasure_is_told_and_leaves_the_record_sound() {
        assertThat(
                        desk.says(
                                        "audit",
                                        "erase",
                                        "--participant",
                                        order.participant().toString(),
                                        "--reason",
                                        "request 12")
                                .out())
                .contains("values of 1 outcome erased");
        assertThat(desk.says("audit", "verify").out()).contains("1 value erased");
        Desk.Said stranger =
                desk.says(
                        "audit",
                        "erase",
                        "--participant",
                        new UUID(1, 1).toString(),
                        "--reason",
                        "request 13");
        assertThat(stranger.exit()).isEqualTo(65);
    }

    @Test
    void bad_arguments_are_answered_with_64_or_65() throws Exception {
        assertThat(desk.says("audit", "verify", "--since", "yesterday").exit()).isEqualTo(64);
        assertThat(desk.says("audit", "verify", "--nonsense").exit()).isEqualTo(64);
        Files.writeString(folder.resolve("bad"), "nothing\n");
        Desk.Said bad = desk.says("audit", "verify", "--anchor", folder.resolve("bad").toString());
        assertThat(bad.exit()).isEqualTo(65);
        assertThat(bad.err()).contains("line 1 is no anchor");
        Files.writeString(folder.resolve("empty"), "\n");
        Desk.Said empty =
                desk.says("audit", "verify", "--anchor", folder.resolve("empty").toString());
        assertThat(empty.exit()).isEqualTo(65);
        assertThat(empty.err()).contains("empty holds no anchor");
        assertThat(empty.out()).isEmpty();
        assertThat(desk.says("audit", "retain", "--outcomes", "0").exit()).isEqualTo(64);
        assertThat(desk.says("audit", "retain", "--outcomes", "84").out())
                .isEqualTo("nothing is old enough\n");
    }
}
