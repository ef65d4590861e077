package reconciler.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reconciler.change.ParticipantRole;
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
            description = "CSV in UTF-8 with a header; - is standard input.")
    private String file = "-";

    @Option(
            names = "--allow-empty",
            description =
                    "An empty value is meant: it clears the attribute. Otherwise it is taken for a mistake.")
    private boolean allowEmpty;

    Source source() {
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
        return allowEmpty ? rules.withEmptyValues() : rules;
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
                            + " lines are bad in all; `queue --rejects FILE` writes all of them");
        }
    }
}
