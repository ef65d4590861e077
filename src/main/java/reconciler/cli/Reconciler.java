package reconciler.cli;

import java.util.Arrays;
import java.util.Map;
import java.util.ServiceLoader;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
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
            "  0   all well, or nothing to do              64  usage",
            "  1   a bug                                   65  bad input data, or a conflict with the current state",
            "  2   changes present                         69  database or API unreachable",
            "  3   ran, some rows not applied              75  another run holds the lease",
            "  4   failure budget, canary or breaker       77  credentials or permission",
            "  5   stopped on request                      78  configuration",
            "  9   the books do not balance, or the audit was tampered with",
            "",
            "`reconciler COMMAND --help` shows a command; `reconciler man` has man pages, `reconciler completion` completion.",
            "Try `reconciler demo` first: it needs nothing but Java."
        },
        subcommands = {
            MigrateCommand.class,
            DoctorCommand.class,
            ValidateCommand.class,
            TemplateCommand.class,
            QueueCommand.class,
            PlanCommand.class,
            ApproveCommand.class,
            RejectCommand.class,
            RunCommand.class,
            VerifyCommand.class,
            UndoCommand.class,
            ServeCommand.class,
            StatusCommand.class,
            SetsCommand.class,
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
            CompletionCommand.class,
            ManCommand.class,
            RehearseCommand.class
        })
public final class Reconciler {
    /// The examples are as wide as this.
    private static final int WIDTH = 110;

    /// Commands of the stand-ins' jar, as `--help` lists them without it.
    private static final Map<String, String> STAND_INS =
            Map.of(
                    "demo",
                            "The whole path once, on a Postgres and a stand-in API inside this process; ends by itself.",
                    "simulator", "The stand-in API alone, until it is stopped.");

    /// Stands for bytes that could not be decoded.
    private static final char NOT_UTF_8 = '\uFFFD';

    @Option(
            names = "--color",
            paramLabel = "WHEN",
            scope = ScopeType.INHERIT,
            description =
                    "auto (on a terminal, unless NO_COLOR is set), always or never. Default: auto.")
    private Screen.Colour colour = Screen.Colour.AUTO;

    private Reconciler() {}

    static void main(String[] args) {
        System.exit(run(Session.ofProcess(), args));
    }

    /// Runs one command.
    ///
    /// @return the exit code
    static int run(Session session, String... args) {
        CommandLine commands = commands(session);
        if (args.length == 0) {
            commands.usage(session.terminal().err());
            return ExitCode.USAGE.code();
        }
        if (Arrays.stream(args).anyMatch(argument -> argument.indexOf(NOT_UTF_8) >= 0)) {
            session.terminal()
                    .say(
                            "reconciler: an argument is not UTF-8 (the replacement character U+FFFD is refused, too):"
                                    + " write it in UTF-8, and where Java is started without the launcher, with LC_ALL=C.UTF-8");
            return ExitCode.USAGE.code();
        }
        return ended(session.terminal(), commands.execute(args));
    }

    /// What was cut off must not pass for a whole file; a command that failed keeps its own code.
    private static int ended(Terminal terminal, int code) {
        String loss = terminal.out().loss();
        if (loss == null) {
            return code;
        }
        terminal.say(
                "reconciler: standard output could not be written ("
                        + loss
                        + "): what is there is not whole; make room or write elsewhere. Whatever else the command did stands");
        return code == ExitCode.OK.code() || code == ExitCode.CHANGES.code()
                ? ExitCode.DATA.code()
                : code;
    }

    static CommandLine commands(Session session) {
        var root = new Reconciler();
        var commands = new CommandLine(root, new Commands(session));
        // First, since picocli hands down what is set to the commands that are there.
        addStandIns(commands);
        commands.setOut(session.terminal().outWriter())
                .setErr(session.terminal().errWriter())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpWidth(WIDTH)
                .setExecutionExceptionHandler(new Failures(session));
        new UsageErrors(session.terminal()).mindedBy(commands);
        mapUsageErrors(commands);
        CommandGroups.in(commands);
        commands.setExecutionStrategy(parsed -> {
            session.terminal().out().show(root.colour);
            return new CommandLine.RunLast().execute(parsed);
        });
        return commands;
    }

    private static void addStandIns(CommandLine commands) {
        ServiceLoader.load(CommandsOfAnotherJar.class)
                .forEach(jar -> jar.commands().forEach(commands::addSubcommand));
        STAND_INS.forEach((name, description) -> {
            if (!commands.getSubcommands().containsKey(name)) {
                commands.addSubcommand(name, NotInstalledCommand.standingFor(description));
            }
        });
    }

    private static void mapUsageErrors(CommandLine command) {
        command.getCommandSpec().exitCodeOnInvalidInput(ExitCode.USAGE.code());
        command.getCommandSpec().exitCodeOnExecutionException(ExitCode.BUG.code());
        command.getSubcommands().values().forEach(Reconciler::mapUsageErrors);
    }
}
