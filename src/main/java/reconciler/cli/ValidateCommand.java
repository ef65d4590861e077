package reconciler.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import reconciler.intake.ChangeSetRequest;
import reconciler.intake.IntakeReport;
import reconciler.intake.Validation;
import reconciler.run.ExitCode;

/// `reconciler validate FILE`
@Command(
        name = "validate",
        mixinStandardHelpOptions = true,
        header = "Check a file line by line. Stores nothing and needs no database.",
        description = "Judges a file line by line and stores nothing; needs no database.",
        footer = {
            "",
            "Examples:",
            "  reconciler validate changes.csv --rejects bad.csv",
            "  reconciler validate tiers.xlsx --sheet 2 -o json",
            "  reconciler validate export.csv --unescape-formulas"
        })
final class ValidateCommand implements Callable<Integer> {
    private final Session session;

    @Mixin private IntakeOptions options = new IntakeOptions();

    @Option(
            names = "-o",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table or json: for people or for programs")
    private Format format = Format.TABLE;

    ValidateCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (format != Format.TABLE && format != Format.JSON) {
            throw new CommandFailed(ExitCode.USAGE, "-o is table or json here");
        }
        IntakeReport report =
                new Validation(session.clock())
                        .validate(
                                options.source(),
                                ChangeSetRequest.by(session.user()),
                                options.rules(session.settings()),
                                options.rejects());
        if (format == Format.JSON) {
            IntakeJson.write(session.terminal().out(), report);
        } else {
            IntakeOptions.complain(report, session.terminal());
            IntakeSummary.of(report).forEach(session.terminal().out()::println);
        }
        return (report.isFlawless() ? ExitCode.OK : ExitCode.DATA).code();
    }
}
