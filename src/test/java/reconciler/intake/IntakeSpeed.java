package reconciler.intake;

import java.io.BufferedOutputStream;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.database.Database;
import reconciler.database.DatabaseSettings;
import reconciler.database.Migrations;
import reconciler.embedded.EmbeddedDatabase;

/// Measures intake: judging alone, and whole, to the committed change set, with the processor time
/// that it took here and in the database. Each round queues beside what the rounds before left
/// pending. Arguments: lines (200000), rounds (5), and `stream` for what comes by standard input,
/// or `xlsx` for a workbook with all of its texts in the shared table, as Excel writes it.
final class IntakeSpeed {
    private static final List<String> FIXED =
            List.of(
                    "conversation_id",
                    "participant_id",
                    "participant_role",
                    "attribute_name",
                    "attribute_value",
                    "contact",
                    "a0",
                    "a1",
                    "a2",
                    "a3",
                    "a4");

    private IntakeSpeed() {}

    static void main(String[] args) throws IOException {
        int lines = args.length > 0 ? Integer.parseInt(args[0]) : 200_000;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        boolean stream = args.length > 2 && args[2].equals("stream");
        boolean workbook = args.length > 2 && args[2].equals("xlsx");
        Path file = Files.createTempFile("orders", ".csv");
        try (EmbeddedDatabase server = EmbeddedDatabase.start();
                Database database =
                        Database.open(new DatabaseSettings(server.url(), "postgres", ""), 2)) {
            new Migrations(database.dataSource()).apply();
            var intake = new Intake(database.dataSource(), InstantSource.system(), _ -> {});
            var validation = new Validation(InstantSource.system());
            var rules = IntakeRules.knowing(List.of());
            for (int round = 0; round < rounds; round++) {
                if (workbook) {
                    writeWorkbook(file, lines, round);
                } else {
                    write(file, lines, round);
                }
                var request = ChangeSetRequest.by("speed");
                long start = System.nanoTime();
                validation.validate(Source.file(file), request, rules, null);
                long validated = System.nanoTime();
                Duration here = here();
                Duration there = inThe(database);
                Source source =
                        stream
                                ? Source.stream("a stream", Files.newInputStream(file))
                                : Source.file(file);
                IntakeReport report = intake.queue(source, request, rules, null);
                long queued = System.nanoTime();
                here = here().minus(here);
                there = inThe(database).minus(there);
                System.out.printf(
                        "%d lines, %d bytes: validate %d rows/s, queue %d rows/s (CPU a row: %.1f us here,"
                                + " %.1f us in the database)%n",
                        report.good(),
                        Files.size(file),
                        perSecond(lines, validated - start),
                        perSecond(lines, queued - validated),
                        here.toNanos() / 1e3 / lines,
                        there.toNanos() / 1e3 / lines);
            }
        } finally {
            Files.delete(file);
        }
    }

    private static Duration here() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /// Of the server's processes, on this machine.
    private static Duration inThe(Database database) {
        return JdbcClient.create(database.dataSource())
                .sql("SELECT pid FROM pg_stat_activity")
                .query((row, _) -> row.getLong("pid"))
                .list()
                .stream()
                .flatMap(pid -> ProcessHandle.of(pid).stream())
                .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
    }

    private static long perSecond(int lines, long nanos) {
        return lines * Duration.ofSeconds(1).toNanos() / nanos;
    }

    /// The same lines. The table of texts comes after the sheet, in the order of their first use.
    private static void writeWorkbook(Path file, int lines, int seed) throws IOException {
        Map<String, byte[]> parts = new WorkbookFile().sheet("Orders", "").parts();
        try (var zip =
                new ZipOutputStream(
                        new BufferedOutputStream(Files.newOutputStream(file), 1 << 16))) {
            zip.setLevel(Deflater.BEST_SPEED);
            for (Map.Entry<String, byte[]> part : parts.entrySet()) {
                if (!part.getKey().endsWith("sheet1.xml")
                        && !part.getKey().endsWith("Strings.xml")) {
                    zip.putNextEntry(new ZipEntry(part.getKey()));
                    zip.write(part.getValue());
                }
            }
            zip.putNextEntry(new ZipEntry("xl/worksheets/sheet1.xml"));
            zip.write(bytes("<worksheet><sheetData><row r=\"1\">"));
            for (int i = 0; i < FIXED.size() - 6; i++) {
                zip.write(bytes(cell(i, 1, i)));
            }
            zip.write(bytes("</row>"));
            int texts = FIXED.size();
            int conversation = 0;
            for (int i = 0; i < lines; i++) {
                if (i % 5 < 3) {
                    conversation = texts;
                    texts += 2;
                }
                int row = i + 2;
                zip.write(
                        bytes(
                                "<row r=\""
                                        + row
                                        + "\" spans=\"1:5\">"
                                        + cell(0, row, conversation)
                                        + cell(1, row, conversation + 1)
                                        + cell(2, row, 5)
                                        + cell(3, row, 6 + i % 5)
                                        + cell(4, row, texts++)
                                        + "</row>"));
            }
            zip.write(bytes("</sheetData></worksheet>"));
            zip.putNextEntry(new ZipEntry("xl/sharedStrings.xml"));
            zip.write(bytes("<sst>"));
            for (String text : FIXED) {
                zip.write(bytes("<si><t>" + text + "</t></si>"));
            }
            var random = new Random(seed);
            random.nextLong();
            random.nextLong();
            for (int i = 0; i < lines; i++) {
                if (i % 5 < 3) {
                    zip.write(bytes(text(random) + text(random)));
                }
                zip.write(bytes("<si><t>v" + i + "</t></si>"));
            }
            zip.write(bytes("</sst>"));
        }
    }

    private static String text(Random random) {
        return "<si><t>" + new UUID(random.nextLong(), random.nextLong()) + "</t></si>";
    }

    private static String cell(int column, int row, int text) {
        return "<c r=\"" + WorkbookFile.address(column, row) + "\" t=\"s\"><v>" + text + "</v></c>";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// One participant in three has three attributes.
    private static void write(Path file, int lines, int seed) throws IOException {
        var random = new Random(seed);
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            out.write(
                    "conversation_id,participant_id,participant_role,attribute_name,attribute_value\n");
            UUID conversation = new UUID(random.nextLong(), random.nextLong());
            UUID participant = conversation;
            for (int i = 0; i < lines; i++) {
                if (i % 5 < 3) {
                    conversation = new UUID(random.nextLong(), random.nextLong());
                    participant = new UUID(random.nextLong(), random.nextLong());
                }
                out.write(
                        conversation + "," + participant + ",contact,a" + i % 5 + ",v" + i + "\n");
            }
        }
    }
}
