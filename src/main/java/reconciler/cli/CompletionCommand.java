package reconciler.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import reconciler.run.ExitCode;

/// `reconciler completion`
@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        header = "Print shell completion for bash and zsh.",
        description = "Prints what bash and zsh need to complete commands and options.",
        footer = {
            "",
            "Examples:",
            "  source <(reconciler completion)     this shell; in ~/.bashrc or ~/.zshrc: every one",
            "  reconciler completion > /etc/bash_completion.d/reconciler",
            "",
            "It completes the name reconciler: put the launcher on the PATH, with a symbolic link for example."
        })
final class CompletionCommand implements Callable<Integer> {
    private final Session session;

    @Spec private CommandSpec spec = CommandSpec.create();

    CompletionCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        session.terminal()
                .out()
                .print(AutoComplete.bash(spec.root().name(), spec.root().commandLine()));
        return ExitCode.OK.code();
    }
}
