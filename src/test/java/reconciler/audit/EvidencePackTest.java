package reconciler.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reconciler.database.Database;
import reconciler.embedded.TestPostgres;
import reconciler.outcome.Evidence;

/// A pack is checked by the script in it, which shares no code with us.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class EvidencePackTest {
    private static final Instant LONG_AGO = Instant.parse("2020-01-01T00:00:00Z");
    private static final Instant LATER = Instant.parse("2999-01-01T00:00:00Z");

    @TempDir private Path directory;
    private Database database;
    private Records records;
    private EvidencePack packs;

    @BeforeEach
    void record() {
        database = Database.open(TestPostgres.freshDatabase(), 3);
        records = new Records(database.dataSource());
        records.run(2);
        records.trail.append(new Event("kim", "queued", "change set 1", "why", null));
        records.trail.appendCancelled(records.change(), Evidence.of("cancelled", "=by hand"));
        records.run(1);
        packs = new EvidencePack(database.dataSource());
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void the_independent_verifier_recomputes_every_seal() {
        Head anchor = records.trail.head();
        var anchors = new AnchorFile(directory.resolve("anchors"));
        anchors.append(anchor);
        packs.between(LONG_AGO, LATER, "ann", file());

        assertThat(verifier(unpack(), anchors.path().toString()))
                .containsExactly(
                        "sound: 12 seals, 19 outcomes",
                        "anchors: 1 of 1 name seals of this pack and were compared",
                        "exit 0");
    }

    @Test
    void the_independent_verifier_compares_each_anchor_of_a_number_and_says_how_many() {
        Head head = records.trail.head();
        var anchors = new AnchorFile(directory.resolve("anchors"));
        anchors.append(new Head(head.number(), "ab".repeat(32), head.sealedAt()));
        anchors.append(head);
        anchors.append(new Head(99, "ab".repeat(32), head.sealedAt()));
        packs.between(LONG_AGO, LATER, "ann", file());

        assertThat(verifier(unpack(), anchors.path().toString()))
                .hasSize(4)
                .first()
                .asString()
                .contains("is not what the anchor of " + head.sealedAt() + " says");
        assertThat(verifier(directory.resolve("pack"), anchors.path().toString()))
                .contains("anchors: 2 of 3 name seals of this pack and were compared", "exit 9");
    }

    @Test
    void the_independent_verifier_refuses_a_file_without_an_anchor() throws IOException {
        Path empty = Files.writeString(directory.resolve("anchors"), "\n");
        packs.ofRun(1, "ann", file());

        assertThat(verifier(unpack(), empty.toString()))
                .containsExactly(
                        "no anchor in "
                                + empty
                                + ": expected lines of a number, 64 hex digits and a time",
                        "exit 65");
    }

    @Test
    void the_pack_of_one_run_verifies_by_itself() {
        packs.ofRun(2, "ann", file());

        assertThat(verifier(unpack())).containsExactly("sound: 4 seals, 6 outcomes", "exit 0");
    }

    @Test
    void the_independent_verifier_names_what_was_changed_in_the_pack() {
        packs.ofRun(1, "ann", file());
        Path pack = unpack();
        rewrite(pack.resolve("outcome.jsonl"), "\"change_id\":\"5\"", "\"change_id\":\"6\"");

        assertThat(verifier(pack))
                .contains(
                        "BROKEN: outcome.jsonl is not the file that was exported",
                        "BROKEN: outcome 5 was altered",
                        "exit 9");
    }

    @Test
    void the_independent_verifier_names_a_row_that_was_altered_in_the_database() {
        records.attack("UPDATE audit.outcome SET requested_by = 'eve' WHERE change_id = 5");
        packs.ofRun(1, "ann", file());

        assertThat(verifier(unpack())).contains("BROKEN: outcome 5 was altered", "exit 9");
    }

    @Test
    void an_export_is_an_event_that_names_the_sums() {
        String manifest = packs.ofRun(1, "ann", file());

        assertThat(
                        records.jdbc
                                .sql(
                                        "SELECT actor, object, detail FROM audit.event WHERE action = 'exported'")
                                .query()
                                .singleRow()
                                .values())
                .containsExactly("ann", "run 1", manifest);
        assertThat(records.verify().isSound()).isTrue();
    }

    @Test
    void tables_for_people_hold_no_values_and_no_formulas() throws IOException {
        packs.between(LONG_AGO, LATER, "ann", file());
        Path pack = unpack();

        assertThat(Files.readString(pack.resolve("outcomes.csv")))
                .startsWith("outcome_id,change_id,")
                .contains("'=by hand")
                .doesNotContain("gold", "silver");
        assertThat(Files.readAllLines(pack.resolve("separation-of-duty.csv"))).hasSize(1);
        assertThat(Files.readAllLines(pack.resolve("counts-by-run.csv")))
                .containsExactly(
                        "run_id,job,planned,outcomes,applied,unchanged,superseded,rejected,conflict,expired,failed,pending,"
                                + "end_minus_outcomes,requests,end_minus_requests",
                        "1,nightly,6,12,12,0,0,0,0,0,0,0,0,12,0",
                        "2,nightly,6,6,6,0,0,0,0,0,0,0,0,6,0");
    }

    @Test
    void who_approved_a_set_on_what_plan_is_in_the_pack() throws IOException {
        long run = records.open();
        long set = records.approvedSet(run);
        records.trail.close(run, 0, "all applied", 0);
        packs.ofRun(run, "ann", file());
        Path pack = unpack();

        assertThat(Files.readAllLines(pack.resolve("approvals.csv")))
                .hasSize(2)
                .last()
                .asString()
                .startsWith(
                        "1,"
                                + set
                                + ",approved,1,"
                                + "ab".repeat(32)
                                + ",lee,kim,kim,looks right,");
        assertThat(Files.readAllLines(pack.resolve("plans.csv")))
                .hasSize(2)
                .last()
                .asString()
                .contains("ab".repeat(32));
        assertThat(Files.readAllLines(pack.resolve("accountability.csv")))
                .hasSize(2)
                .last()
                .asString()
                .contains(
                        ",kim,kim,wrong tier,OPS-4711,,lee,",
                        ",looks right,1," + "ab".repeat(32) + ",kim,")
                .contains(",nightly," + "0".repeat(64) + ",test,");
        assertThat(Files.readAllLines(pack.resolve("attempts.csv"))).hasSize(2);
        assertThat(Files.readAllLines(pack.resolve("SHA256SUMS"))).hasSize(35);
    }

    @Test
    void a_pack_that_broke_off_leaves_no_file_and_no_event() {
        var full =
                new EvidencePack.Destination() {
                    private final PackFile file = file();

                    @Override
                    public OutputStream open() {
                        return new FullDisk(file.open(), 3_000);
                    }

                    @Override
                    public void keep() {
                        file.keep();
                    }

                    @Override
                    public void discard() {
                        file.discard();
                    }
                };

        assertThatThrownBy(() -> packs.ofRun(1, "ann", full))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("the pack cannot be written")
                .hasRootCauseMessage("no space left");
        assertThat(directory).isEmptyDirectory();
        assertThat(exports()).isZero();
    }

    @Test
    void a_pack_under_way_does_not_have_its_name() throws IOException {
        PackFile file = file();
        try (OutputStream out = file.open()) {
            out.write(1);
            assertThat(directory.resolve("pack.zip")).doesNotExist();
        }
        file.keep();

        assertThat(directory.resolve("pack.zip")).isNotEmptyFile();
        assertThatThrownBy(() -> packs.ofRun(1, "ann", file()))
                .isInstanceOf(PackFile.Unusable.class)
                .hasMessageEndingWith("pack.zip exists; name another file");
        assertThat(directory.resolve("pack.zip")).hasSize(1);
        assertThat(exports()).isZero();
    }

    private long exports() {
        return records.jdbc
                .sql("SELECT count(*) FROM audit.event WHERE action = 'exported'")
                .query(Long.class)
                .single();
    }

    /// Takes so many bytes and no more.
    private static final class FullDisk extends FilterOutputStream {
        private long room;

        FullDisk(OutputStream out, long room) {
            super(out);
            this.room = room;
        }

        @Override
        public void write(int one) throws IOException {
            if (room-- <= 0) {
                throw new IOException("no space left");
            }
            out.write(one);
        }
    }

    @Test
    void what_cannot_be_exported_is_said_in_one_sentence() {
        long running = records.open();

        assertThatThrownBy(() -> packs.ofRun(running, "ann", file()))
                .isInstanceOf(Refused.class)
                .hasMessage("run 3 is still under way: export it when it has ended");
        assertThatThrownBy(() -> packs.ofRun(99, "ann", file()))
                .isInstanceOf(Refused.class)
                .hasMessage("there is no run 99");
        assertThatThrownBy(() -> packs.between(LATER, LONG_AGO, "ann", file()))
                .isInstanceOf(Refused.class)
                .hasMessageStartingWith("the range ends before it begins");
        assertThatThrownBy(() -> packs.between(LONG_AGO, LONG_AGO.plusSeconds(1), "ann", file()))
                .isInstanceOf(Refused.class)
                .hasMessageStartingWith("nothing was sealed from");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void a_month_is_exported_only_when_all_of_it_is_sealed() {
        YearMonth month = YearMonth.now(ZoneOffset.UTC);

        assertThatThrownBy(() -> packs.ofMonth(month, "ann", file()))
                .isInstanceOf(Refused.class)
                .hasMessage(
                        "not all of "
                                + month
                                + " is sealed before "
                                + month.plusMonths(1)
                                + "-01T01:00:00Z: export the month then, or now what there is of it with --from "
                                + month
                                + "-01T00:00:00Z --until +0s");
        assertThat(directory).isEmptyDirectory();
        assertThat(exports()).isZero();
    }

    private PackFile file() {
        return new PackFile(directory.resolve("pack.zip"));
    }

    private Path unpack() {
        Path target = directory.resolve("pack");
        try (var zip = new ZipFile(directory.resolve("pack.zip").toFile())) {
            for (var entry : zip.stream().toList()) {
                Path file = target.resolve(entry.getName());
                Files.createDirectories(file.getParent());
                Files.copy(zip.getInputStream(entry), file);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return target;
    }

    private static void rewrite(Path file, String from, String to) {
        try {
            Files.writeString(file, Files.readString(file).replace(from, to));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static List<String> verifier(Path pack, String... anchors) {
        List<String> command =
                new ArrayList<>(List.of("python3", pack.resolve("verify.py").toString()));
        command.addAll(List.of(anchors));
        try {
            Process python = new ProcessBuilder(command).redirectErrorStream(true).start();
            List<String> lines =
                    new ArrayList<>(
                            new String(
                                            python.getInputStream().readAllBytes(),
                                            StandardCharsets.UTF_8)
                                    .lines()
                                    .toList());
            lines.add("exit " + python.waitFor());
            return lines;
        } catch (IOException noPython) {
            assumeTrue(false, "there is no python3 here: " + noPython);
            return List.of();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
