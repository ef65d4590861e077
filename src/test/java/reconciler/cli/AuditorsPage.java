package reconciler.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.audit.AuditorsQuery;
import reconciler.database.Database;
import reconciler.database.DatabaseSettings;
import reconciler.embedded.TestPostgres;
import reconciler.simulator.Simulator;

/// Writes the auditor's page, `db/queries/README.md`: the ten questions with the answers that the
/// auditor's login gets after one set went its way, from the queue over plan, approval and run to a
/// reveal, an erasure and an export, each by a login of its own. Ids and times differ each time.
final class AuditorsPage implements AutoCloseable {
    private static final Path PAGE = Path.of("db/queries/README.md");

    private static final int MOST_ROWS = 3;

    private static final String HEAD =
            """
            # The auditor's page

            Ten questions to the record, each with its statement and the answer of a real run: kim queued the demo's changes as one set
            and planned it, ann approved the plan, kim ran it; later one value was revealed, one participant's values were erased, and
            the run was exported. The answers are what the login `reconciler_auditor` sees: everything but the values. Of long answers the
            first rows are shown. Times in UTC.

            This page is written by a command, with new ids and times, whenever a statement changes:

                mvn -q test-compile dependency:build-classpath -Dmdep.outputFile=target/classpath
                java -cp target/test-classes:target/classes:$(cat target/classpath) reconciler.cli.AuditorsPage

            Whether the record is what it was when it was made, `reconciler audit verify` says; for somebody without access to the database,
            `reconciler audit export` makes a pack that can be checked without our code.
            """;

    private static final String JOB =
            """
            job: nightly
            select: {approval: required}
            rate: {per-minute: 100000}
            throttled: {max-wait: 10s, then: defer}
            conflict: {attempts: 3, backoff: 5ms..40ms, then: skip}
            unavailable: {attempts: 3, backoff: 5ms..40ms}
            before-image: read
            """;

    private final DatabaseSettings settings = TestPostgres.databaseWithRoles();
    private final Database admin = Database.open(settings, 2);
    private final JdbcClient jdbc = JdbcClient.create(admin.dataSource());
    private final Simulator simulator = DemoWorld.start();
    private final Path folder;

    private AuditorsPage(Path folder) {
        this.folder = folder;
    }

    static void main(String[] args) throws IOException {
        Path folder = Files.createTempDirectory("auditors-page");
        try (var page = new AuditorsPage(folder)) {
            page.live();
            Files.writeString(PAGE, page.text());
        }
    }

    private void live() throws IOException {
        for (String login : List.of("kim", "ann")) {
            jdbc.sql(
                            "DO $$ BEGIN IF to_regrole('%1$s') IS NULL THEN CREATE ROLE %1$s LOGIN PASSWORD '%2$s'; END IF; END $$"
                                    .formatted(login, TestPostgres.as(settings, login).password()))
                    .update();
            jdbc.sql("GRANT reconciler_approver TO " + login).update();
        }
        Files.writeString(folder.resolve("nightly.yml"), JOB);
        Path changes = folder.resolve("changes.csv");
        Files.writeString(changes, DemoWorld.text("changes.csv"));
        as(
                "kim",
                "queue",
                changes.toString(),
                "--reason",
                "wrong tier after a migration",
                "--ticket",
                "OPS-4711");
        as("kim", "plan", "1");
        as("ann", "approve", "1", "--comment", "compared with OPS-4711");
        as("kim", "run", "nightly", "--quiet");
        reveal();
        as(
                "reconciler_reveal",
                "audit",
                "erase",
                "--participant",
                participant("outcome_id DESC"),
                "--reason",
                "request 2026-118");
        as(
                "reconciler_auditor",
                "audit",
                "export",
                folder.resolve("run-1.zip").toString(),
                "--run",
                "1");
    }

    private void reveal() {
        try (Database database = Database.open(TestPostgres.as(settings, "reconciler_reveal"), 1)) {
            JdbcClient.create(database.dataSource())
                    .sql("SELECT * FROM audit.reveal(1, 'ann', 'dispute 7')")
                    .query()
                    .listOfRows();
        }
    }

    /// A command by one login; what goes wrong shows.
    private void as(String login, String... command) {
        System.setProperty("user.name", login);
        var environment = new HashMap<String, String>();
        DatabaseSettings mine = TestPostgres.as(settings, login);
        environment.putAll(
                Map.of(
                        "RECONCILER_DB_URL", mine.url(),
                        "RECONCILER_DB_USER", login,
                        "RECONCILER_DB_PASSWORD", String.valueOf(mine.password()),
                        "RECONCILER_API_BASE_URL", simulator.uri().toString(),
                        "RECONCILER_API_CLIENT_ID", "demo",
                        "RECONCILER_API_CLIENT_SECRET", "demo-secret",
                        "RECONCILER_JOBS_DIR", folder.toString()));
        var said = new ByteArrayOutputStream();
        var stream = new StandardOutput(said);
        int exit =
                Reconciler.run(
                        new Session(
                                environment,
                                new Terminal(stream, stream, false),
                                InstantSource.system()),
                        command);
        if (exit != 0 && !(command[0].equals("run") && exit == 3)) {
            throw new IllegalStateException(
                    String.join(" ", command)
                            + ": "
                            + exit
                            + "\n"
                            + said.toString(StandardCharsets.UTF_8));
        }
    }

    private String participant(String order) {
        return jdbc.sql(
                        "SELECT participant_id::text FROM audit.outcome ORDER BY "
                                + order
                                + " LIMIT 1")
                .query(String.class)
                .single();
    }

    private String text() {
        var page = new StringBuilder(HEAD);
        try (Database database =
                Database.open(TestPostgres.as(settings, "reconciler_auditor"), 1)) {
            JdbcClient auditor = JdbcClient.create(database.dataSource());
            auditor.sql("SET timezone = 'UTC'").update();
            for (AuditorsQuery query : AuditorsQuery.all()) {
                page.append(answered(query, auditor));
            }
        }
        return page.toString();
    }

    private String answered(AuditorsQuery query, JdbcClient auditor) {
        OffsetDateTime today =
                auditor.sql("SELECT date_trunc('day', now())")
                        .query(OffsetDateTime.class)
                        .single()
                        .withOffsetSameInstant(ZoneOffset.UTC);
        Map<String, Object> parameters =
                Map.of(
                        "participant", participant("in_doubt DESC, outcome_id"),
                        "conversation",
                                jdbc.sql(
                                                "SELECT conversation_id::text FROM audit.outcome ORDER BY (corrected_role IS NULL), outcome_id LIMIT 1")
                                        .query(String.class)
                                        .single(),
                        "attribute", "customer.tier",
                        "person", "kim",
                        "run", 1L,
                        "from", today.toString(),
                        "until", today.plusDays(1).toString());
        int end = query.question().indexOf('?') + 1;
        List<Map<String, Object>> rows =
                auditor.sql(query.text()).params(parameters).query().listOfRows();
        return """

        ## %d. %s
        %s
        ```sql
        -- %s
        %s
        ```

        ```
        %s
        ```
        """
                .formatted(
                        Integer.parseInt(query.number()),
                        query.question().substring(0, end),
                        query.question().length() == end
                                ? ""
                                : "\n" + query.question().substring(end).strip() + "\n",
                        query.command(),
                        query.text(),
                        shown(rows));
    }

    /// As psql shows wide rows.
    private static String shown(List<Map<String, Object>> rows) {
        var shown = new StringJoiner("\n");
        List<Map<String, Object>> first = rows.subList(0, Math.min(MOST_ROWS, rows.size()));
        for (int i = 0; i < first.size(); i++) {
            shown.add("-[ RECORD " + (i + 1) + " ]");
            int width = first.get(i).keySet().stream().mapToInt(String::length).max().orElse(0);
            first.get(i)
                    .forEach((name, value) ->
                            shown.add(
                                    (name + " ".repeat(width - name.length()) + " | " + cell(value))
                                            .stripTrailing()));
        }
        shown.add(
                "("
                        + Counted.of(rows.size(), "row")
                        + (rows.size() > MOST_ROWS ? ", the first " + MOST_ROWS + " shown)" : ")"));
        return shown.toString();
    }

    private static String cell(@Nullable Object value) {
        return switch (value) {
            case null -> "";
            case java.sql.Timestamp time -> time.toInstant().toString();
            case Object other -> other.toString();
        };
    }

    @Override
    public void close() {
        simulator.close();
        admin.close();
    }
}
