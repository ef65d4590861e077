package reconciler.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import reconciler.run.ExitCode;

/// Stands where a command of the stand-ins' jar would be, and says what is missing.
@Command
final class NotInstalledCommand implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    static CommandLine standingFor(String description) {
        var command = new CommandLine(new NotInstalledCommand()).setUnmatchedArgumentsAllowed(true);
        command.getCommandSpec().usageMessage().description(description);
        return command;
    }

    @Override
    public Integer call() {
        throw new CommandFailed(
                ExitCode.CONFIGURATION,
                "`"
                        + spec.qualifiedName()
                        + "` needs reconciler-demo.jar and its libraries, which are not installed here: install the package"
                        + " with the demo, or put its folder `demo` beside reconciler.jar");
    }
}
