package reconciler.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import reconciler.intake.ChangeSetRequest;
import reconciler.intake.IntakeReport;
import reconciler.intake.Validation;
import reconciler.run.ExitCode;

/// `reconciler validate FILE`
@Command(
        name = "validate",
        mixinStandardHelpOptions = true,
        description = "Judges a file line by line and stores nothing; needs no database.",
        footer = {
            "",
            "Examples:",
            "  reconciler validate changes.csv --rejects bad.csv",
            "  reconciler validate export.csv --unescape-formulas"
        })
final class ValidateCommand implements Callable<Integer> {
    private final Session session;

    @Mixin private IntakeOptions options = new IntakeOptions();

    ValidateCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        IntakeReport report =
                new Validation(session.clock())
                        .validate(
                                options.source(),
                                ChangeSetRequest.by(session.user()),
                                options.rules(session.settings()),
                                options.rejects());
        IntakeOptions.complain(report, session.terminal());
        session.terminal()
                .say(
                        report.source()
                                + ": "
                                + Counted.of(report.lines(), "line")
                                + ", "
                                + report.good()
                                + " good, "
                                + report.bad()
                                + " bad");
        return (report.isFlawless() ? ExitCode.OK : ExitCode.DATA).code();
    }
}
