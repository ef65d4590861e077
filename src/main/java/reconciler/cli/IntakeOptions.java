package reconciler.cli;

import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reconciler.calendar.Unreadable;
import reconciler.calendar.Zones;
import reconciler.change.ParticipantRole;
import reconciler.intake.FileForm;
import reconciler.intake.IntakeReport;
import reconciler.intake.IntakeRules;
import reconciler.intake.Source;
import reconciler.run.ExitCode;
import reconciler.settings.Settings;

/// What `validate` and `queue` share.
final class IntakeOptions {
    private static final int SHOWN = 20;

    @Parameters(
            paramLabel = "FILE",
            description =
                    "CSV with a header, JSON objects, or a workbook (.xlsx); also in gzip or zip; - is standard input.")
    private String file = "-";

    @Option(
            names = "--allow-empty",
            description =
                    "An empty value is meant: it clears the attribute. Otherwise it is taken for a mistake.")
    private boolean allowEmpty;

    @Option(
            names = "--delimiter",
            paramLabel = "NAME",
            description =
                    "Of CSV: comma, semicolon or tab. Default: what the header line has most of.")
    private @Nullable Delimiter delimiter;

    @Option(
            names = "--encoding",
            paramLabel = "NAME",
            description =
                    "Of CSV or JSON: such as windows-1252. Default: the one of the byte order mark, or UTF-8.")
    private @Nullable String encoding;

    @Option(
            names = "--sheet",
            paramLabel = "NAME|N",
            description = "Of a workbook: its name, or its number from 1. Default: the first.")
    private @Nullable String sheet;

    @Option(
            names = "--strict",
            description = "A line that looks spoilt is bad; otherwise it is taken, with a warning.")
    private boolean strict;

    @Option(
            names = "--unescape-formulas",
            description =
                    "The file was written by -o csv: take away the apostrophe before what a spreadsheet would take for a"
                            + " formula.")
    private boolean unescapeFormulas;

    @Option(
            names = "--zone",
            paramLabel = "ZONE",
            description =
                    "Of times without an offset in the file and in the options, such as Europe/Berlin. Default: such"
                            + " times are refused.")
    private @Nullable String zone;

    @Option(
            names = "--rejects",
            paramLabel = "FILE",
            description =
                    "Write bad lines there, with their columns and an error in front; corrected, it can be queued.")
    private @Nullable Path rejects;

    /// The names of what separates columns.
    enum Delimiter {
        COMMA(','),
        SEMICOLON(';'),
        TAB('\t');

        private final char character;

        Delimiter(char character) {
            this.character = character;
        }
    }

    Source source() {
        return bytes().in(
                        new FileForm(
                                delimiter == null ? null : delimiter.character,
                                unescapeFormulas,
                                charset(),
                                sheet));
    }

    @Nullable Path rejects() {
        return rejects;
    }

    private Source bytes() {
        if (file.equals("-")) {
            return Source.standardInput(System.in);
        }
        Path path = Path.of(file);
        if (Files.isDirectory(path)) {
            throw new CommandFailed(ExitCode.DATA, file + " is a directory: name a file in it");
        }
        if (!Files.isReadable(path)) {
            throw new CommandFailed(ExitCode.DATA, "there is no readable file " + file);
        }
        return Source.file(path);
    }

    /// The contract decides which roles there are: `web` has two, the published API an open set.
    IntakeRules rules(Settings settings) {
        String contract = settings.find("RECONCILER_API_CONTRACT");
        List<ParticipantRole> roles =
                contract == null || contract.equals("web")
                        ? List.of(new ParticipantRole("contact"), new ParticipantRole("agent"))
                        : List.of();
        IntakeRules rules = IntakeRules.knowing(roles);
        rules = strict ? rules.strictly() : rules;
        return (allowEmpty ? rules.withEmptyValues() : rules).withZone(zone());
    }

    /// Of times without an offset; null: they are refused.
    @Nullable ZoneId zone() {
        if (zone == null) {
            return null;
        }
        try {
            return Zones.parse(zone);
        } catch (Unreadable unreadable) {
            throw new CommandFailed(
                    ExitCode.USAGE,
                    "--zone " + PlainText.oneLine(zone) + ": " + unreadable.reason());
        }
    }

    private @Nullable Charset charset() {
        if (encoding == null) {
            return null;
        }
        Charset charset;
        try {
            charset = Charset.forName(encoding);
        } catch (IllegalArgumentException _) {
            throw new CommandFailed(
                    ExitCode.USAGE,
                    "--encoding is a name such as windows-1252, iso-8859-15, utf-16le or shift_jis, not '"
                            + encoding
                            + "'");
        }
        if (charset.newDecoder().isAutoDetecting()) {
            throw new CommandFailed(
                    ExitCode.USAGE,
                    "--encoding " + charset + " guesses: name the one that is meant");
        }
        return charset;
    }

    /// Every problem, up to a screenful.
    static void complain(IntakeReport report, Terminal terminal) {
        report.refusals()
                .forEach(refusal ->
                        terminal.say(report.source() + ": " + PlainText.oneLine(refusal)));
        report.badLines().stream()
                .limit(SHOWN)
                .forEach(bad ->
                        terminal.say(report.source() + ": " + PlainText.oneLine(bad.toString())));
        if (report.badLines().size() > SHOWN) {
            terminal.say(
                    "... and more: "
                            + report.bad()
                            + " lines are bad in all; `--rejects FILE` writes all of them");
        }
        report.warnings().stream()
                .limit(SHOWN)
                .forEach(warning ->
                        terminal.say(
                                report.source()
                                        + ": warning: "
                                        + PlainText.oneLine(warning.toString())));
        if (report.warnings().size() > SHOWN) {
            terminal.say(
                    "... and more: "
                            + report.counts().warned()
                            + " lines look spoilt in all; `validate -o json` lists the first "
                            + IntakeReport.MOST_LINES_KEPT);
        }
    }
}
