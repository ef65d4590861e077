package reconciler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.cli.Desk.Said;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class CommandsTest {
    private static final String HEADER =
            "conversation_id,participant_id,participant_role,attribute_name,attribute_value\n";

    @TempDir private Path folder;

    private Desk desk;

    @BeforeEach
    void open() {
        desk = new Desk(folder);
    }

    @AfterEach
    void close() {
        desk.close();
    }

    @Nested
    class Working {
        @Test
        void a_file_is_queued_run_and_told() {
            var order = desk.order();
            desk.write(
                    "changes.csv",
                    HEADER
                            + order.conversation()
                            + ","
                            + order.participant()
                            + ",contact,tier,gold\n");

            assertThat(desk.says("queue", folder.resolve("changes.csv").toString(), "--by", "kim"))
                    .satisfies(said -> assertThat(said.exit()).isZero())
                    .satisfies(said ->
                            assertThat(said.out()).contains("change set 1: 1 change queued"));
            assertThat(desk.says("run", "quick", "--dry-run").out()).contains("At most 2 requests");
            assertThat(desk.simulator.ledger().totals().requests()).isZero();

            assertThat(desk.says("run", "quick").exit()).isZero();
            assertThat(desk.says("outcomes", "-o", "csv").out()).contains(",APPLIED,answer,200,");
            assertThat(desk.says("explain", "1").out())
                    .contains("queued by kim in change set 1")
                    .contains("read what is there in run 1: GET")
                    .contains("sent in run 1: PATCH")
                    .contains("-> 200")
                    .contains("Nothing is left to do.");
            assertThat(desk.says("status").out()).contains("every row is in force");
        }

        @Test
        void quiet_says_nothing_when_all_is_well_and_little_when_it_is_not() {
            desk.order().queue();
            assertThat(desk.says("run", "quick", "--quiet")).isEqualTo(new Said(0, "", ""));

            desk.orders.order().queue();
            Said said = desk.says("run", "quick", "--quiet");
            assertThat(said.exit()).isEqualTo(3);
            assertThat(said.out()).isEmpty();
            assertThat(said.err().lines())
                    .hasSizeBetween(2, 5)
                    .last()
                    .asString()
                    .contains("1 REJECTED not.found");
        }

        @Test
        void quiet_says_nothing_of_a_run_that_was_left_to_another_either() {
            JdbcClient.create(desk.database.dataSource())
                    .sql(
                            """
                            INSERT INTO reconciler.lease (name, epoch, owner, acquired_at, renewed_at, expires_at)
                            VALUES ('reconciler', 1, 'job other on elsewhere, process 1', now(), now(), now() + interval '1 hour')
                            """)
                    .update();

            assertThat(desk.says("run", "quick", "--if-locked=skip"))
                    .satisfies(said -> assertThat(said.exit()).isZero())
                    .satisfies(said -> assertThat(said.err()).contains("elsewhere", "; skipped"));
            assertThat(desk.says("run", "quick", "--if-locked=skip", "--quiet"))
                    .isEqualTo(new Said(0, "", ""));
            assertThat(desk.says("run", "quick", "--quiet").exit()).isEqualTo(75);
        }

        @Test
        void probe_shows_a_curl_without_the_token_and_sends_only_when_asked() {
            long id = desk.order().setting("note", "it's").queue();

            Said shown = desk.says("probe", String.valueOf(id), "--job", "quick");
            assertThat(shown.out())
                    .contains("curl -X PATCH '" + desk.simulator.uri())
                    .contains("Authorization: Bearer <token>")
                    .contains("it'\\''s");
            assertThat(desk.simulator.ledger().totals().requests()).isZero();

            Said sent = desk.says("probe", String.valueOf(id), "--job", "quick", "--send");
            assertThat(sent.exit()).isZero();
            assertThat(sent.out()).contains("change " + id + ": APPLIED, confirmed by answer");
            assertThat(desk.says("probe", String.valueOf(id), "--job", "quick", "--send").exit())
                    .isEqualTo(65);
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "--atomic"})
        void a_set_is_not_there_without_its_event(String option) {
            UUID id = UUID.randomUUID();
            desk.write("changes.csv", HEADER + id + "," + id + ",contact,tier,gold\n");
            var jdbc = JdbcClient.create(desk.database.dataSource());
            jdbc.sql(
                            "ALTER TABLE audit.event ADD CONSTRAINT journal_full CHECK (action <> 'queued')")
                    .update();

            String file = folder.resolve("changes.csv").toString();
            Said said =
                    option.isEmpty() ? desk.says("queue", file) : desk.says("queue", file, option);

            assertThat(said.exit()).isNotZero();
            assertThat(said.out()).isEmpty();
            assertThat(
                            jdbc.sql(
                                            "SELECT (SELECT count(*) FROM reconciler.change_set) + count(*) FROM reconciler.attribute_change")
                                    .query(Long.class)
                                    .single())
                    .isZero();
        }

        @Test
        void doctor_finds_nothing_wrong_on_a_sound_system() {
            Said said = desk.says("doctor");

            assertThat(said.exit()).isZero();
            assertThat(said.out())
                    .contains("database", "clock", "API", "job files")
                    .doesNotContain("WRONG");
        }

        @Test
        void doctor_warns_of_a_job_that_takes_without_approval_what_needs_one_in_another() {
            desk.write(
                    "strict.yml", "job: strict\nselect: {roles: [contact], approval: required}\n");
            desk.write("agents.yml", "job: agents\nselect: {roles: [agent]}\n");

            Said said = desk.says("doctor", "-o", "jsonl");

            assertThat(said.exit()).isZero();
            assertThat(said.out())
                    .contains("warning")
                    .contains("job quick applies without approval what needs one in strict")
                    .doesNotContain("job agents");
        }

        @Test
        void migrate_can_be_repeated() {
            assertThat(desk.says("migrate").err()).contains("up to date");
        }
    }

    @Nested
    class BadInput {
        @Test
        void every_bad_line_is_told_and_nothing_is_queued() {
            UUID id = UUID.randomUUID();
            Path file =
                    desk.write(
                            "bad.csv",
                            HEADER
                                    + "not-a-uuid,"
                                    + id
                                    + ",contact,tier,gold\n"
                                    + id
                                    + ","
                                    + id
                                    + ",customer,tier,gold\n"
                                    + id
                                    + ","
                                    + id
                                    + ",contact,,gold\n"
                                    + id
                                    + ","
                                    + id
                                    + ",contact,tier,\n"
                                    + id
                                    + ","
                                    + id
                                    + ",contact,tier,gold\n"
                                    + id
                                    + ","
                                    + id
                                    + ",contact,tier,gold\n"
                                    + id
                                    + ","
                                    + id
                                    + ",contact,tier,"
                                    + "x".repeat(512_000)
                                    + "\n"
                                    + id
                                    + ","
                                    + id
                                    + ",contact,tier\n");

            Said said = desk.says("queue", file.toString());

            assertThat(said.exit()).isEqualTo(65);
            assertThat(said.err())
                    .contains(
                            "line 2: conversation_id",
                            "line 3: participant_role",
                            "line 4: attribute_name")
                    .contains(
                            "line 5: attribute_value",
                            "line 7:",
                            "line 8: attribute_value",
                            "line 9:")
                    .contains("Nothing was queued")
                    .doesNotContain("gold");
            assertThat(desk.says("status").out()).contains("Nothing waits.");
        }

        @Test
        void a_partly_bad_file_is_queued_in_part_only_on_demand() {
            UUID id = UUID.randomUUID();
            Path file =
                    desk.write(
                            "part.csv",
                            HEADER
                                    + id
                                    + ","
                                    + id
                                    + ",contact,tier,gold\n"
                                    + "x,"
                                    + id
                                    + ",contact,tier,gold\n");

            assertThat(desk.says("queue", file.toString()).exit()).isEqualTo(65);
            Said said = desk.says("queue", file.toString(), "--partial");
            assertThat(said.exit()).isEqualTo(3);
            assertThat(said.out()).contains("1 change queued").contains("1 bad line left out");
        }

        @Test
        void byte_order_marks_and_crlf_are_no_trouble_but_other_encodings_are() {
            UUID id = UUID.randomUUID();
            String line = id + "," + id + ",contact,tier,";
            Path windows =
                    desk.write(
                            "windows.csv",
                            "\uFEFF" + HEADER.replace("\n", "\r\n") + line + "gold\r\n");
            Path latin =
                    desk.write(
                            "latin.csv",
                            (HEADER + line + "M\u00fcller\n")
                                    .getBytes(StandardCharsets.ISO_8859_1));

            assertThat(desk.says("queue", windows.toString()).exit()).isZero();
            Said said = desk.says("queue", latin.toString());
            assertThat(said.exit()).isEqualTo(65);
            assertThat(said.err()).contains("UTF-8");
        }

        @Test
        void empty_files_and_missing_columns_are_told() {
            assertThat(desk.says("queue", desk.write("empty.csv", "").toString()))
                    .satisfies(said -> assertThat(said.exit()).isEqualTo(65));
            Said said =
                    desk.says(
                            "validate",
                            desk.write(
                                            "short.csv",
                                            "conversation_id,participant_id,attribute_name\n")
                                    .toString());
            assertThat(said.exit()).isEqualTo(65);
            assertThat(said.err()).contains("participant_role", "attribute_value");
            assertThat(desk.says("queue", folder.resolve("nowhere.csv").toString()).exit())
                    .isEqualTo(65);
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "run nosuch | 78 | no job \"nosuch\"",
                    "run quick --if-locked=perhaps | 64 | fail, skip or wait=TIME",
                    "frobnicate | 64 | frobnicate",
                    "outcomes --status odd | 64 | odd",
                    "explain 4711 | 65 | there is no change 4711",
                    "probe 4711 --job quick | 65 | there is no change 4711",
                    "simulator --fault nonsense | 64 | no fault 'nonsense'",
                    "plan 7 --job quick --valid 24 | 64 | --valid is a time such as 30m, 24h or 7d, not '24'",
                    "outcomes --run 999999 | 65 | there is no run 999999; `reconciler status`",
                    "outcomes --set 999999 --as-changes -o csv | 65 | there is no change set 999999; `reconciler sets`",
                    "simulator --latency 20 | 64 | --latency is a time such as 20ms or 2s, or 0ms, not '20'",
                    "simulator --latency soon | 64 | --latency is a time such as 20ms or 2s",
                    "simulator --rate-window 0s | 64 | --rate-window is a time",
                    "simulator --token-lifetime x | 64 | --token-lifetime is a time",
                    "audit verify --since yesterday | 64 | --since is a time with its offset",
                    "audit export x.zip --from now --until +0s | 64 | --from is a time with its offset",
                    "audit export x.zip --from -24h --until now | 64 | --until is a time with its offset",
                    "audit export x.zip --month May | 64 | --month is a month such as 2026-11",
                    "queue - --priority 100000 | 64 | is not from -32768 to 32767",
                    "status --runs 99999999999 | 64 | is not from",
                    "explain 99999999999999999999 | 64 | is not from",
                    "queue - --apply-by tomorrow | 64 | --apply-by"
                })
        void a_wrong_command_gets_one_clear_message(String command, int exit, String message) {
            Said said = desk.says(command.split(" "));

            assertThat(said.exit()).isEqualTo(exit);
            assertThat(said.err()).contains(message);
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "RECONCILER_DB_URL | jdbc:postgresql://127.0.0.1:1/x | 69 | not usable right now",
                    "RECONCILER_DB_URL | postgres://somewhere | 78 | jdbc:postgresql:",
                    "RECONCILER_API_BASE_URL | http://127.0.0.1:1 | 69 | the API does not answer",
                    "RECONCILER_API_BASE_URL | http://example.com | 78 | https",
                    "RECONCILER_API_BASE_URL | ftp://127.0.0.1 | 78 | RECONCILER_API_BASE_URL",
                    "RECONCILER_API_CLIENT_SECRET | wrong | 77 | refuses the credentials",
                    "RECONCILER_API_REGION | us_east_1 | 78 | both set",
                    "RECONCILER_API_CONTRACT | soap | 78 | RECONCILER_API_CONTRACT",
                    "RECONCILER_JOBS_DIR | /nowhere | 78 | RECONCILER_JOBS_DIR"
                })
        void a_wrong_setting_touches_no_row(
                String variable, String value, int exit, String message) {
            long id = desk.order().queue();

            Said said = desk.with(variable, value).says("run", "quick");

            assertThat(said.exit()).isEqualTo(exit);
            assertThat(said.err()).contains(message);
            assertThat(desk.orders.state(id)).isEqualTo("PENDING");
            assertThat(desk.simulator.ledger().totals().applied()).isZero();
        }

        @Test
        void a_secret_file_that_cannot_be_read_is_a_wrong_setting() throws IOException {
            Path secrets = Files.createDirectory(folder.resolve("secrets"));
            Files.write(secrets.resolve("RECONCILER_API_CLIENT_SECRET"), new byte[] {(byte) 0xFF});

            Said said =
                    desk.without("RECONCILER_API_CLIENT_SECRET")
                            .with("CREDENTIALS_DIRECTORY", secrets.toString())
                            .says("run", "quick");

            assertThat(said.exit()).isEqualTo(78);
            assertThat(said.err())
                    .contains("secrets/RECONCILER_API_CLIENT_SECRET cannot be read")
                    .contains("or set RECONCILER_API_CLIENT_SECRET in the environment");
        }

        @Test
        void a_misspelt_region_is_told_with_the_nearest_one() {
            Said said =
                    desk.without("RECONCILER_API_BASE_URL")
                            .with("RECONCILER_API_REGION", "eu_centrall_1")
                            .says("run", "quick");

            assertThat(said.exit()).isEqualTo(78);
            assertThat(said.err()).contains("eu_central_1");
        }

        @ParameterizedTest
        @ValueSource(strings = {"none", "{above-rows: 1000000}"})
        void an_express_lane_is_no_way_round_the_approvals_that_another_job_asks_for(String less) {
            desk.write("nightly.yml", "job: nightly\nselect: {approval: required}\n");
            desk.write(
                    "express.yml",
                    "job: express\nexpress: {within: 1h}\nselect: {approval: " + less + "}\n");
            String sentence =
                    "the express lane of express would apply without approval what needs one in nightly";

            assertThat(desk.says("serve"))
                    .satisfies(said -> assertThat(said.exit()).isEqualTo(78))
                    .satisfies(said -> assertThat(said.err()).contains(sentence));
            assertThat(desk.says("doctor", "-o", "jsonl"))
                    .satisfies(said -> assertThat(said.exit()).isEqualTo(78))
                    .satisfies(said -> assertThat(said.out()).contains(sentence, "WRONG"));
        }

        @Test
        void doctor_refuses_two_express_lanes_as_serve_does() {
            desk.write("express.yml", "job: express\nexpress: {within: 1h}\n");
            desk.write("hasty.yml", "job: hasty\nexpress: {within: 1m}\n");
            String sentence = "2 job files have `express:` (express, hasty): leave it in one";

            assertThat(desk.says("serve").err()).contains(sentence);
            assertThat(desk.says("doctor", "-o", "jsonl").out()).contains(sentence, "WRONG");
        }

        @Test
        void a_job_file_with_several_mistakes_names_all_of_them() {
            desk.write(
                    "wrong.yml",
                    "job: wrong\nratee: {per-minute: 3}\nconflict: {attempts: none}\n");

            Said said = desk.says("run", "wrong");

            assertThat(said.exit()).isEqualTo(78);
            assertThat(said.err())
                    .contains("wrong.yml:2:1", "did you mean \"rate\"", "wrong.yml:3:");
        }

        @Test
        void rows_of_sql_that_the_api_refuses_end_rejected_with_its_reason() {
            long gone = desk.orders.order().queue();
            long huge = desk.order().setting("note", "x".repeat(600_000)).queue();
            long strange = desk.order().as("captain").queue();

            assertThat(desk.says("run", "quick").exit()).isEqualTo(3);

            assertThat(desk.orders.state(gone)).isEqualTo("REJECTED");
            assertThat(desk.orders.state(huge)).isEqualTo("REJECTED");
            assertThat(desk.orders.state(strange)).isEqualTo("APPLIED");
            assertThat(desk.says("explain", String.valueOf(huge)).out())
                    .contains("request.entity.too.large");
            assertThat(desk.says("explain", String.valueOf(strange)).out())
                    .contains("is contact, not captain");
        }
    }
}
