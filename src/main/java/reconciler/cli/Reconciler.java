package reconciler.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import reconciler.run.ExitCode;

/// The command line.
@Command(
        name = "reconciler",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description =
                "Applies queued participant attribute changes through the conversations API and keeps one audited outcome"
                        + " per row.",
        footerHeading = "%nExit codes:%n",
        footer = {
            "  0 all well, or nothing to do   3 ran, some rows not applied   4 failure budget or canary stopped it",
            "  5 stopped on request   9 the books do not balance, or the audit was tampered with   64 usage   65 bad input data",
            "  69 database or API unreachable   75 another run holds the lease   77 credentials or permission",
            "  78 configuration   1 a bug",
            "",
            "Try `reconciler demo` first: it needs nothing but Java."
        },
        subcommands = {
            DemoCommand.class,
            MigrateCommand.class,
            DoctorCommand.class,
            ValidateCommand.class,
            QueueCommand.class,
            PlanCommand.class,
            ApproveCommand.class,
            RejectCommand.class,
            RunCommand.class,
            VerifyCommand.class,
            UndoCommand.class,
            ServeCommand.class,
            StatusCommand.class,
            StopCommand.class,
            ResumeCommand.class,
            PauseCommand.class,
            UnpauseCommand.class,
            CancelCommand.class,
            RedriveCommand.class,
            OutcomesCommand.class,
            ExplainCommand.class,
            ProbeCommand.class,
            AuditCommand.class,
            PurgeCommand.class,
            SimulatorCommand.class,
            RehearseCommand.class
        })
public final class Reconciler {
    private Reconciler() {}

    static void main(String[] args) {
        System.exit(run(Session.ofProcess(), args));
    }

    /// Runs one command.
    ///
    /// @return the exit code
    static int run(Session session, String... args) {
        var commands =
                new CommandLine(new Reconciler(), new Commands(session))
                        .setOut(session.terminal().outWriter())
                        .setErr(session.terminal().errWriter())
                        .setCaseInsensitiveEnumValuesAllowed(true)
                        .setExecutionExceptionHandler(new Failures(session));
        mapUsageErrors(commands);
        if (args.length == 0) {
            commands.usage(session.terminal().err());
            return ExitCode.USAGE.code();
        }
        return commands.execute(args);
    }

    private static void mapUsageErrors(CommandLine command) {
        command.getCommandSpec().exitCodeOnInvalidInput(ExitCode.USAGE.code());
        command.getCommandSpec().exitCodeOnExecutionException(ExitCode.BUG.code());
        command.getSubcommands().values().forEach(Reconciler::mapUsageErrors);
    }
}
