package reconciler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.audit.Verification;
import reconciler.database.Database;
import reconciler.database.DatabaseSettings;
import reconciler.embedded.TestPostgres;
import reconciler.run.Installed;
import reconciler.simulator.Simulator;
import reconciler.simulator.SimulatorSettings;

/// The operators' whole way through the launcher, each step a process of its own, by people with
/// logins of their own in the database. README shows the same walk.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class FourEyesTest {
    private static final String HEADER =
            "conversation_id,participant_id,participant_role,attribute_name,attribute_value\n";

    private static final String JOB =
            """
            job: nightly
            select: {approval: {above-rows: 5, attributes: [customer.segment]}}
            rate: {per-minute: 1000000}
            """;

    @TempDir private Path folder;

    private DatabaseSettings settings;
    private Database admin;
    private JdbcClient jdbc;
    private Simulator simulator;
    private Path launcher;
    private final List<UUID> conversations = new ArrayList<>();
    private final List<UUID> participants = new ArrayList<>();

    private record Said(int exit, String out, String err) {}

    @BeforeEach
    void open() throws IOException {
        settings = TestPostgres.databaseWithRoles();
        admin = Database.open(settings, 2);
        jdbc = JdbcClient.create(admin.dataSource());
        for (String login : List.of("desk_kim", "desk_ann", "desk_bob")) {
            jdbc.sql(
                            "DO $$ BEGIN IF to_regrole('%1$s') IS NULL THEN CREATE ROLE %1$s LOGIN PASSWORD '%2$s'; END IF; END $$"
                                    .formatted(login, TestPostgres.as(settings, login).password()))
                    .update();
        }
        jdbc.sql("GRANT reconciler_approver TO desk_kim, desk_ann").update();
        jdbc.sql("GRANT reconciler_app TO desk_bob").update();
        simulator = Simulator.start(SimulatorSettings.defaults());
        Files.writeString(folder.resolve("nightly.yml"), JOB);
        launcher = Installed.launcherIn(folder);
    }

    @AfterEach
    void close() {
        simulator.close();
        admin.close();
    }

    @Test
    void from_a_spreadsheet_with_bad_lines_to_the_values_from_before() throws IOException {
        spreadsheetIsRejectedCorrectedAndQueued();

        Said idle = says("desk_kim", "run");
        assertThat(idle.exit()).as(idle.err()).isZero();
        assertThat(idle.err())
                .contains("nothing was due; 20 rows wait for an approval, `reconciler status`");
        assertThat(says("desk_kim", "status").out())
                .contains("20 rows of change set 1 wait for an approval: `reconciler plan 1`");
        assertThat(says("desk_ann", "approve", "1").err())
                .contains("has no plan to approve: `reconciler plan 1`");
        Said plan = says("desk_kim", "plan", "1", "--detailed-exitcode");
        assertThat(plan.exit()).as(plan.err()).isEqualTo(2);
        assertThat(plan.out())
                .contains("20 rows: 20 to change.", "A run needs 40 requests")
                .containsPattern("to change +contact +customer.tier +silver +-> +gold +19")
                .containsPattern("to change +contact +customer.tier +\\(none\\) +-> +gold +1");

        assertThat(says("desk_kim", "run", "nightly", "--plan", "p_1"))
                .satisfies(said -> assertThat(said.exit()).isEqualTo(65))
                .satisfies(said -> assertThat(said.err()).contains("asks for an approval"));
        assertThat(says("desk_kim", "approve", "1"))
                .satisfies(said -> assertThat(said.exit()).isEqualTo(65))
                .satisfies(said -> assertThat(said.err()).contains("somebody else has to approve"));
        assertThat(says("desk_bob", "approve", "1"))
                .satisfies(said -> assertThat(said.exit()).isEqualTo(77))
                .satisfies(said -> assertThat(said.err()).contains("reconciler_approver"));
        Said approved = says("desk_ann", "approve", "1", "--comment", "compared with OPS-4711");
        assertThat(approved.exit()).as(approved.err()).isZero();
        assertThat(approved.out()).contains("approved by desk_ann until", "plan p_1 sha256:");

        exists(3, Map.of("customer.tier", "platinum"));
        assertThat(says("desk_kim", "sets").out())
                .containsPattern("1 +.+ +kim +20 +20 +0 +0 +desk_ann +changes.csv");
        Said run = says("desk_kim", "run", "nightly", "--plan", "p_1");
        assertThat(run.exit()).as(run.err()).isEqualTo(3);
        assertThat(run.err()).contains("1 CONFLICT plan.drifted: drifted since the plan");
        assertThat(value(3)).isEqualTo("platinum");
        assertThat(value(4)).isEqualTo("gold");

        assertThat(says("desk_kim", "verify", "1"))
                .satisfies(said -> assertThat(said.exit()).as(said.err()).isZero())
                .satisfies(said -> assertThat(said.err()).contains("19 same"));
        exists(5, Map.of("customer.tier", "bronze"));
        Said drifted = says("desk_kim", "verify", "1");
        assertThat(drifted.exit()).isEqualTo(3);
        assertThat(drifted.out()).containsPattern("customer.tier +drifted +gold +bronze");

        Said shown = says("desk_kim", "undo", "1");
        assertThat(shown.exit()).as(shown.err()).isEqualTo(2);
        assertThat(shown.out())
                .contains("18 to take back; 1 changed since, left out.")
                .contains("1 attribute did not exist before: set to \"\"");
        Said undone = says("desk_kim", "undo", "1", "--yes", "--by", "kim");
        assertThat(undone.exit()).as(undone.err()).isZero();
        assertThat(undone.out()).contains("change set 2: 18 changes queued, to undo change set 1");
        assertThat(says("desk_kim", "undo", "1", "--yes").err())
                .contains("is taken back by change set 2 already");

        assertThat(says("desk_kim", "plan", "2").out()).contains("18 rows: 18 to change.");
        assertThat(says("desk_ann", "approve", "2").exit()).isZero();
        Said back = says("desk_kim", "run");
        assertThat(back.exit()).as(back.err()).isZero();
        assertThat(value(4)).isEqualTo("silver");
        assertThat(value(5)).isEqualTo("bronze");
        assertThat(value(0)).isEmpty();
        assertThat(
                        jdbc.sql("SELECT DISTINCT approval_rule FROM audit.v_run")
                                .query(String.class)
                                .list())
                .as("what the books are judged by")
                .containsExactly("{\"above-rows\": 5, \"attributes\": [\"customer.segment\"]}");
        assertThat(says("desk_kim", "verify", "2").err()).contains("18 same");
        assertThat(says("desk_kim", "verify", "1").err())
                .contains("1 drifted, 18 replaced by a later change");
        booksAreInOrder();
    }

    @Test
    void a_rejected_set_ends_cancelled_and_other_contradictions_change_nothing()
            throws IOException {
        queue(6, "changes.csv");
        Said planned = says("desk_kim", "plan", "1");
        assertThat(planned.exit()).as(planned.err()).isZero();

        assertThat(says("desk_kim", "reject", "1", "--comment", "no").err())
                .contains("`reconciler cancel 1` withdraws it");
        assertThat(says("desk_ann", "reject", "1").exit()).isEqualTo(64);
        Said approved = says("desk_ann", "approve", "1");
        assertThat(approved.exit()).as(approved.err()).isZero();
        says("desk_kim", "plan", "1");
        assertThat(
                        jdbc.sql(
                                        "SELECT count(*) FROM reconciler.change_set WHERE approved_by IS NOT NULL")
                                .query(Long.class)
                                .single())
                .as("a new plan voids the approval")
                .isZero();
        assertThat(says("desk_ann", "approve", "1", "--plan", "p_1").err())
                .contains("does not hold any more");
        assertThat(says("desk_ann", "undo", "1").err())
                .contains("6 rows that would still be applied");

        Said rejected = says("desk_ann", "reject", "1", "--comment", "last month's list");
        assertThat(rejected.exit()).as(rejected.err()).isZero();
        assertThat(rejected.out()).contains("rejected by desk_ann, 6 changes cancelled");
        assertThat(says("desk_kim", "plan", "1").err()).contains("it was cancelled");
        assertThat(says("desk_ann", "approve", "1").exit()).isEqualTo(65);
        assertThat(says("desk_ann", "undo", "1").err()).contains("there is nothing to undo");
        booksAreInOrder();
    }

    private void spreadsheetIsRejectedCorrectedAndQueued() throws IOException {
        for (int i = 0; i < 20; i++) {
            conversations.add(UUID.randomUUID());
            participants.add(UUID.randomUUID());
            exists(i, i == 0 ? Map.of() : Map.of("customer.tier", "silver"));
        }
        List<String> right = IntStream.range(0, 20).mapToObj(i -> line(i, "contact")).toList();
        Path file = write(withMistakes(right));
        Path rejects = folder.resolve("rejects.csv");

        Said bad = says("desk_kim", "queue", file.toString(), "--rejects", rejects.toString());

        assertThat(bad.exit()).isEqualTo(65);
        assertThat(bad.err()).contains("Nothing was queued: 12 of 20 lines bad");
        assertThat(bad.err().lines().filter(line -> line.contains("changes.csv: line ")))
                .hasSize(12);
        assertThat(Files.readAllLines(rejects)).hasSize(13);
        assertThat(Files.readString(rejects))
                .startsWith("error," + HEADER.strip())
                .contains("participant_role: expected contact or agent, found \"\"customer\"\"")
                .contains("conversation_id: expected a UUID")
                .contains("participant_id: expected a UUID, found nothing")
                .contains("attribute_name: expected a name, found nothing")
                .contains("attribute_value: expected a value, found nothing")
                .contains("expected 5 fields as in the header, found 4")
                .contains("line 14: line 13 sets the same attribute of the same participant");
        write(right);
        Said good = says("desk_kim", "queue", file.toString(), "--by", "kim");
        assertThat(good.exit()).as(good.err()).isZero();
    }

    /// As they come out of a spreadsheet: 12 of the 20.
    private static List<String> withMistakes(List<String> right) {
        List<String> lines = new ArrayList<>(right);
        for (int i = 0; i < 3; i++) {
            lines.set(i, right.get(i).replace(",contact,", ",customer,"));
        }
        lines.set(3, right.get(3).substring(2));
        lines.set(4, right.get(4).replaceFirst(",[^,]+,", ",#N/A,"));
        lines.set(5, right.get(5).replaceFirst(",[^,]+,", ",,"));
        lines.set(6, right.get(6).replace("customer.tier", ""));
        lines.set(7, right.get(7).replace(",gold", ","));
        lines.set(8, right.get(8).replace(",contact,", ",,"));
        lines.set(9, right.get(9).replace(",gold", ""));
        lines.set(10, right.get(10).replace(",gold", ",gold,gold"));
        lines.set(12, right.get(11).replace("gold", "silver"));
        return lines;
    }

    private Path write(List<String> lines) throws IOException {
        return Files.writeString(folder.resolve("changes.csv"), HEADER + String.join("", lines));
    }

    private void queue(int rows, String name) throws IOException {
        var lines = new StringBuilder(HEADER);
        for (int i = 0; i < rows; i++) {
            conversations.add(UUID.randomUUID());
            participants.add(UUID.randomUUID());
            exists(i, Map.of());
            lines.append(line(i, "contact"));
        }
        Path file = Files.writeString(folder.resolve(name), lines);
        assertThat(says("desk_kim", "queue", file.toString()).exit()).isZero();
    }

    private void booksAreInOrder() {
        assertThat(jdbc.sql("SELECT * FROM audit.v_separation_of_duty").query().listOfRows())
                .isEmpty();
        assertThat(new Verification(admin.dataSource()).verify(null, List.of()).first()).isEmpty();
    }

    private String line(int i, String role) {
        return conversations.get(i)
                + ","
                + participants.get(i)
                + ","
                + role
                + ",customer.tier,gold\n";
    }

    private void exists(int i, Map<String, String> attributes) {
        simulator
                .conversations()
                .add(
                        conversations.get(i).toString(),
                        participants.get(i).toString(),
                        "customer",
                        attributes);
    }

    private String value(int i) {
        return simulator
                .conversations()
                .value(
                        conversations.get(i).toString(),
                        participants.get(i).toString(),
                        "customer.tier")
                .orElse("(none)");
    }

    private Said says(String login, String... arguments) {
        try {
            Path out = Files.createTempFile(folder, "out", ".txt");
            Path err = Files.createTempFile(folder, "err", ".txt");
            List<String> command = new ArrayList<>(List.of(launcher.toString()));
            command.addAll(List.of(arguments));
            var builder =
                    new ProcessBuilder(command)
                            .redirectOutput(out.toFile())
                            .redirectError(err.toFile());
            DatabaseSettings mine = TestPostgres.as(settings, login);
            builder.environment()
                    .putAll(
                            Map.of(
                                    "RECONCILER_DB_URL", mine.url(),
                                    "RECONCILER_DB_USER", login,
                                    "RECONCILER_DB_PASSWORD", String.valueOf(mine.password()),
                                    "RECONCILER_API_BASE_URL", simulator.uri().toString(),
                                    "RECONCILER_API_CLIENT_ID", "demo",
                                    "RECONCILER_API_CLIENT_SECRET", "demo-secret",
                                    "RECONCILER_JOBS_DIR", folder.toString(),
                                    "RECONCILER_JAVA_OPTS", "-XX:TieredStopAtLevel=1",
                                    "JAVA_HOME", System.getProperty("java.home")));
            Process process = builder.start();
            process.getOutputStream().close();
            if (!process.waitFor(90, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("still running: " + String.join(" ", arguments));
            }
            return new Said(
                    process.exitValue(),
                    Files.readString(out, StandardCharsets.UTF_8),
                    Files.readString(err, StandardCharsets.UTF_8));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
