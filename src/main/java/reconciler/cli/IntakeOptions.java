package reconciler.cli;

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
                    "CSV with a header, or one JSON object a line; UTF-8, gzip or not; - is standard input.")
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
                                delimiter == null ? null : delimiter.character, unescapeFormulas));
    }

    @Nullable Path rejects() {
        return rejects;
    }

    private Source bytes() {
        if (file.equals("-")) {
            return Source.stream("standard input", System.in);
        }
        Path path = Path.of(file);
        if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
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
    }
}
