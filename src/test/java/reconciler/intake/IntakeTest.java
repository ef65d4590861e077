package reconciler.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.database.Database;
import reconciler.embedded.TestPostgres;

/// As a file, which goes right into the queue unless it is atomic, and as a stream, which is
/// staged.
@ParameterizedClass(name = "as a file: {0}")
@ValueSource(booleans = {true, false})
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class IntakeTest {
    private static final String HEADER =
            "conversation_id,participant_id,participant_role,attribute_name,attribute_value";
    private static final IntakeRules ANY = IntakeRules.knowing(List.of());
    private static final ChangeSetRequest KIM = ChangeSetRequest.by("kim");
    private static final ChangeSetRequest ATOMIC =
            new ChangeSetRequest("kim", null, null, null, null, (short) 0, false, false, true);
    private static final InstantSource CLOCK =
            InstantSource.fixed(Instant.parse("2026-11-23T12:00:00Z"));

    private static Database database;

    @Parameter boolean asFile;
    @TempDir Path directory;
    private JdbcClient jdbc;
    private Intake intake;

    @BeforeAll
    static void open() {
        database = Database.open(TestPostgres.freshDatabase(), 4);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @BeforeEach
    void empty() {
        jdbc = JdbcClient.create(database.dataSource());
        jdbc.sql("DELETE FROM reconciler.attribute_change").update();
        jdbc.sql("DELETE FROM reconciler.change_set").update();
        intake = new Intake(database.dataSource(), CLOCK, _ -> {});
    }

    @Test
    void a_file_becomes_a_change_set_that_says_who_why_and_from_what() {
        var request =
                new ChangeSetRequest(
                        "kim",
                        "wrong tier after the import",
                        "OPS-12",
                        Instant.parse("2026-11-24T00:00:00Z"),
                        Instant.parse("2026-11-25T00:00:00Z"),
                        (short) 7,
                        false,
                        false,
                        false);
        String own =
                HEADER
                        + ",requested_by,not_before,apply_by\n"
                        + line("agent", "tier", "gold")
                        + ",sam,2026-11-24T01:00:00+01:00,2026-11-24T09:00:00Z\n"
                        + line("contact", "tier", "silver")
                        + ",,,\n";
        IntakeReport report = intake.queue(source(own), request, ANY, null);

        assertThat(report.isFlawless()).isTrue();
        assertThat(
                        jdbc.sql(
                                        """
                                        SELECT requested_by, reason, ticket, source_name, source_sha256, rows_queued, rows_refused, approved_by
                                          FROM reconciler.change_set WHERE id = :id
                                        """)
                                .param("id", report.changeSetId())
                                .query()
                                .singleRow())
                .containsEntry("requested_by", "kim")
                .containsEntry("reason", "wrong tier after the import")
                .containsEntry("ticket", "OPS-12")
                .containsEntry("source_name", "orders.csv")
                .containsEntry("source_sha256", report.sha256())
                .containsEntry("rows_queued", 2L)
                .containsEntry("rows_refused", 0L)
                .containsEntry("approved_by", null);
        assertThat(
                        jdbc.sql(
                                        """
                                        SELECT participant_role, attribute_value, requested_by, not_before, apply_by, state, change_set_id, priority
                                          FROM reconciler.attribute_change ORDER BY participant_role
                                        """)
                                .query((row, _) ->
                                        List.of(
                                                row.getString("participant_role"),
                                                row.getString("attribute_value"),
                                                row.getString("requested_by"),
                                                row.getObject("not_before", OffsetDateTime.class)
                                                        .toInstant()
                                                        .toString(),
                                                row.getObject("apply_by", OffsetDateTime.class)
                                                        .toInstant()
                                                        .toString(),
                                                row.getString("state"),
                                                row.getLong("change_set_id"),
                                                row.getInt("priority")))
                                .list())
                .containsExactly(
                        List.of(
                                "agent",
                                "gold",
                                "sam",
                                "2026-11-24T00:00:00Z",
                                "2026-11-24T09:00:00Z",
                                "PENDING",
                                report.changeSetId(),
                                7),
                        List.of(
                                "contact",
                                "silver",
                                "kim",
                                "2026-11-24T00:00:00Z",
                                "2026-11-25T00:00:00Z",
                                "PENDING",
                                report.changeSetId(),
                                7));
        assertThat(staged()).isZero();
    }

    @Test
    void hostile_values_arrive_unchanged() {
        List<String> values =
                List.of(
                        "tab\there",
                        "\\N",
                        "\\.",
                        "back\\slash \\t \\\\ end\\",
                        "line\nfeed\r\nreturn\r",
                        "say \"hello\", \"\"",
                        "'; DROP TABLE reconciler.change_set; --",
                        "\u202eright to left\u202c \u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
                        "four bytes \uD83D\uDE00\uD83C\uDFF4",
                        "combining e\u0301, zero width \u200b, not a character \uFFFE",
                        "\u0001\u0007\u001b[31m\u007f\u0085\u2028",
                        "=1+1",
                        " ",
                        "  spaces  ",
                        "null",
                        "%s $1 :name ?",
                        "\uFEFFmark");
        StringBuilder file = new StringBuilder(HEADER + "\n");
        for (int i = 0; i < values.size(); i++) {
            String quoted = "\"" + values.get(i).replace("\"", "\"\"") + "\"";
            file.append(line("agent", "\"a\\\t" + i + "\"", quoted)).append('\n');
        }
        IntakeReport report = intake.queue(source(file.toString()), KIM, ANY, null);

        assertThat(report.isFlawless()).isTrue();
        assertThat(
                        jdbc.sql(
                                        "SELECT attribute_value FROM reconciler.attribute_change ORDER BY id")
                                .query((row, _) -> row.getString("attribute_value"))
                                .list())
                .containsExactlyInAnyOrderElementsOf(values);
        assertThat(
                        jdbc.sql(
                                        "SELECT attribute_name FROM reconciler.attribute_change WHERE attribute_value = '=1+1'")
                                .query(String.class)
                                .single())
                .isEqualTo("a\\\t11");
    }

    @Test
    void one_bad_line_keeps_everything_out_of_the_queue() {
        String file =
                HEADER + "\n" + line("agent", "tier", "gold") + "\n" + line("ag!nt", "tier", "x");
        IntakeReport report = intake.queue(source(file), KIM, ANY, null);
        assertThat(report.changeSetId()).isNull();
        assertThat(report.good()).isEqualTo(1);
        assertThat(report.badLines())
                .singleElement()
                .satisfies(bad -> assertThat(bad.line()).isEqualTo(3));
        assertThat(queued()).isZero();
        assertThat(staged()).isZero();
    }

    @Test
    void the_good_lines_are_queued_when_that_was_asked_for_and_the_others_can_follow()
            throws IOException {
        Path rejects = directory.resolve("orders.rejects.csv");
        String file =
                HEADER + "\n" + line("agent", "tier", "gold") + "\n" + line("ag!nt", "tier", "x");
        IntakeReport first = intake.queue(source(file), partial(KIM), ANY, rejects);
        assertThat(first.changeSetId()).isNotNull();
        assertThat(queued()).isEqualTo(1);
        assertThat(
                        jdbc.sql("SELECT rows_refused FROM reconciler.change_set")
                                .query(Long.class)
                                .single())
                .isEqualTo(1);

        Files.writeString(rejects, Files.readString(rejects).replace(",ag!nt,", ",agent,"));
        IntakeReport second = intake.queue(Source.file(rejects), KIM, ANY, null);
        assertThat(second.isFlawless()).isTrue();
        assertThat(queued()).isEqualTo(2);
    }

    @Test
    void a_file_with_no_good_line_makes_no_change_set() {
        String file = HEADER + "\n" + line("ag!nt", "tier", "gold");
        IntakeReport report = intake.queue(source(file), partial(KIM), ANY, null);
        assertThat(report.changeSetId()).isNull();
        assertThat(sets()).isZero();
    }

    @Test
    void a_file_that_breaks_off_leaves_nothing_behind() {
        String file = HEADER + "\n" + line("agent", "tier", "gold") + "\n\"never closed";
        IntakeReport report = intake.queue(source(file), partial(KIM), ANY, null);
        assertThat(report.refusals()).hasSize(1);
        assertThat(report.sha256()).isNull();
        assertThat(queued()).isZero();
        assertThat(staged()).isZero();
    }

    @Test
    void the_same_bytes_are_refused_unless_asked_for_again() {
        String file = HEADER + "\n" + line("agent", "tier", "gold");
        IntakeReport first = intake.queue(source(file), KIM, ANY, null);
        IntakeReport second = intake.queue(source(file), ChangeSetRequest.by("sam"), ANY, null);
        assertThat(second.changeSetId()).isNull();
        assertThat(second.refusals())
                .singleElement()
                .asString()
                .startsWith(
                        "the same bytes were queued before, as change set "
                                + first.changeSetId()
                                + " by \"kim\" at 20")
                .endsWith("; --again queues them once more");
        assertThat(queued()).isEqualTo(1);

        var again =
                new ChangeSetRequest("sam", null, null, null, null, (short) 0, false, true, false);
        assertThat(intake.queue(source(file), again, ANY, null).changeSetId()).isNotNull();
        assertThat(queued()).isEqualTo(2);
    }

    @Test
    void of_those_who_queue_the_same_file_at_once_all_but_one_are_refused() {
        String file = HEADER + "\n" + line("agent", "tier", "gold");
        List<Future<IntakeReport>> reports = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Source once = source(file);
            Callable<IntakeReport> queueing =
                    () -> intake.queue(asFile ? once : source(file), KIM, ANY, null);
            for (int i = 0; i < 4; i++) {
                reports.add(threads.submit(queueing));
            }
        }
        assertThat(reports)
                .filteredOn(report -> report.resultNow().changeSetId() != null)
                .hasSize(1);
        assertThat(queued()).isEqualTo(1);
    }

    /// The queue takes rows in the order of its index; only within a participant does the file's
    /// matter.
    @Test
    void ids_of_a_participant_follow_the_order_of_the_file() {
        StringBuilder file = new StringBuilder(HEADER + "\n");
        List<String> participants = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            participants.add(UUID.randomUUID() + "," + UUID.randomUUID() + ",agent,");
        }
        for (int i = 0; i < 5000; i++) {
            file.append(participants.get(i % 50)).append("a" + i + ",v\n");
        }
        intake.queue(source(file.toString()), KIM, ANY, null);
        var last = new HashMap<UUID, Integer>();
        jdbc.sql(
                        "SELECT participant_id, attribute_name FROM reconciler.attribute_change ORDER BY id")
                .query(row -> {
                    int line = Integer.parseInt(row.getString("attribute_name").substring(1));
                    Integer before = last.put(row.getObject("participant_id", UUID.class), line);
                    assertThat(line).isGreaterThan(before == null ? -1 : before);
                });
        assertThat(last).hasSize(50);
    }

    @Test
    void
            a_large_file_arrives_in_runs_in_the_order_of_the_index_and_not_at_all_when_its_last_line_is_bad() {
        int lines = 20_000;
        var file = new StringBuilder(HEADER + "\n");
        for (int i = 0; i < lines; i++) {
            file.append(line("agent", "a" + i, "v".repeat(900))).append('\n');
        }
        assertThat(intake.queue(source(file + "bad"), KIM, ANY, null).bad()).isEqualTo(1);
        assertThat(queued()).isZero();
        assertThat(sets()).isZero();

        IntakeReport report = intake.queue(source(file.toString()), KIM, ANY, null);
        assertThat(queued()).isEqualTo(lines);
        assertThat(
                        jdbc.sql("SELECT rows_queued FROM reconciler.change_set WHERE id = :id")
                                .param("id", report.changeSetId())
                                .query(Long.class)
                                .single())
                .isEqualTo(lines);
        assertThat(
                        count(
                                """
                                SELECT count(*) FROM (SELECT bucket, lag(bucket) OVER (ORDER BY id) AS before
                                                        FROM reconciler.attribute_change) AS pairs
                                 WHERE bucket < before
                                """))
                .as("times that a bucket follows a later one")
                .isEqualTo(asFile ? 1 : 0);
    }

    @Test
    void values_of_any_size_that_is_allowed_arrive() {
        var file = new StringBuilder(HEADER + "\n");
        List<Integer> sizes = List.of(1_000_000, 1, 65_500, 65_536, 500_000, 70_000);
        sizes.forEach(size ->
                file.append(line("agent", "a", "\u00e9".repeat(size / 2) + "e".repeat(size % 2)))
                        .append('\n'));
        intake.queue(
                source(file.toString()), KIM, new IntakeRules(List.of(), false, 1_048_576), null);
        assertThat(
                        jdbc.sql(
                                        "SELECT octet_length(attribute_value) FROM reconciler.attribute_change")
                                .query(Integer.class)
                                .list())
                .containsExactlyInAnyOrderElementsOf(sizes);
    }

    @Test
    void a_file_that_changes_while_it_is_read_is_refused() {
        var openings = new AtomicInteger();
        var growing =
                new Source(
                        "growing.csv",
                        null,
                        () ->
                                new ByteArrayInputStream(
                                        (HEADER
                                                        + ("\n" + line("agent", "tier", "gold"))
                                                                .repeat(openings.incrementAndGet()))
                                                .getBytes(StandardCharsets.UTF_8)),
                        FileForm.DETECTED,
                        true);
        assertThat(intake.queue(growing, partial(KIM), ANY, null).refusals())
                .containsExactly("the file was changed while it was read: queue it anew");
        assertThat(queued()).isZero();
        assertThat(sets()).isZero();
    }

    @Test
    void a_change_of_a_set_that_is_not_there_is_refused_and_a_set_with_changes_stays() {
        IntakeReport report =
                intake.queue(source(HEADER + "\n" + line("agent", "tier", "x")), KIM, ANY, null);
        for (String refused :
                List.of(
                        "INSERT INTO reconciler.attribute_change (conversation_id, participant_id, participant_role,"
                                + " attribute_name, attribute_value, requested_by, change_set_id) VALUES"
                                + " (gen_random_uuid(), gen_random_uuid(), 'agent', 'a', 'b', 'c', 987654321)",
                        "UPDATE reconciler.attribute_change SET change_set_id = NULL",
                        "DELETE FROM reconciler.change_set WHERE id = " + report.changeSetId())) {
            assertThatThrownBy(() -> jdbc.sql(refused).update())
                    .isInstanceOf(DataIntegrityViolationException.class);
        }
    }

    @Test
    void a_deadline_in_the_past_is_refused_before_the_file_is_read() {
        var late =
                new ChangeSetRequest(
                        "kim", null, null, null, CLOCK.instant(), (short) 0, false, false, false);
        IntakeReport report = intake.queue(source(""), late, ANY, null);
        assertThat(report.refusals())
                .containsExactly(
                        "apply-by is in the past: 2026-11-23T12:00:00Z; give a later one, or none");
    }

    @Test
    void what_an_atomic_file_asks_of_a_participant_is_a_group_of_its_set() {
        String participant = UUID.randomUUID() + "," + UUID.randomUUID() + ",contact,";
        IntakeReport report =
                intake.queue(
                        source(
                                HEADER
                                        + "\n"
                                        + participant
                                        + "skill,a\n"
                                        + line("agent", "tier", "gold")
                                        + "\n"
                                        + participant
                                        + "level,2\n"),
                        ATOMIC,
                        ANY,
                        null);

        assertThat(report.isFlawless()).isTrue();
        assertThat(
                        count(
                                "SELECT count(*) FROM reconciler.attribute_change WHERE atomic_group = change_set_id"))
                .isEqualTo(3);
        assertThat(count("SELECT count(*) FROM reconciler.change_set WHERE atomic")).isEqualTo(1);
    }

    @Test
    void an_atomic_file_is_refused_when_a_participant_would_take_more_than_a_request() {
        String participant = UUID.randomUUID() + "," + UUID.randomUUID() + ",contact,";
        var lines = new StringBuilder(HEADER).append('\n').append(line("agent", "tier", "gold"));
        for (int i = 0; i < 63; i++) {
            lines.append('\n').append(participant).append("a").append(i).append(',');
            lines.append("\u00e9".repeat(4096));
        }

        IntakeReport report = intake.queue(source(lines + "\n"), ATOMIC, ANY, null);

        assertThat(report.refusals())
                .singleElement()
                .asString()
                .startsWith("line 3: the 63 attributes of participant ")
                .endsWith(
                        " take a request of 516697 bytes, and the API takes 512000:"
                                + " shorten them, or queue the file without --atomic");
        assertThat(queued()).isZero();
    }

    @Test
    void an_atomic_file_is_refused_when_a_participant_has_two_times() {
        String participant = UUID.randomUUID() + "," + UUID.randomUUID() + ",contact,";
        IntakeReport report =
                intake.queue(
                        source(
                                HEADER
                                        + ",not_before\n"
                                        + participant
                                        + "skill,a,2026-11-24T01:00:00Z\n"
                                        + participant
                                        + "level,2,\n"),
                        ATOMIC,
                        ANY,
                        null);

        assertThat(report.refusals())
                .singleElement()
                .asString()
                .startsWith("line 3: participant ")
                .endsWith(
                        " has another not_before or apply_by than on line 2, and --atomic applies them"
                                + " together: give them the same times");
        assertThat(queued()).isZero();
    }

    private static ChangeSetRequest partial(ChangeSetRequest request) {
        return new ChangeSetRequest(
                request.by(), null, null, null, null, (short) 0, true, false, false);
    }

    private static String line(String role, String name, String value) {
        return UUID.randomUUID() + "," + UUID.randomUUID() + "," + role + "," + name + "," + value;
    }

    private Source source(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (!asFile) {
            return Source.stream("orders.csv", new ByteArrayInputStream(bytes));
        }
        try {
            return Source.file(Files.write(directory.resolve("orders.csv"), bytes));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private long queued() {
        return count("SELECT count(*) FROM reconciler.attribute_change");
    }

    private long staged() {
        return count("SELECT count(*) FROM reconciler.staged_change");
    }

    private long sets() {
        return count("SELECT count(*) FROM reconciler.change_set");
    }

    private long count(String sql) {
        return jdbc.sql(sql).query(Long.class).single();
    }
}
