package reconciler.cli;

import java.io.OutputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import reconciler.run.ExitCode;

/// `reconciler rehearse`: what the launcher lets the JVM watch once after a build, so that later
/// starts find their classes loaded and linked. Everything that an operator waits for is done once,
/// on the empty database that the launcher started for it (`RECONCILER_DB_URL`), and nothing is
/// shown.
@Command(
        name = "rehearse",
        hidden = true,
        mixinStandardHelpOptions = true,
        description = "Does once what is done often, for the JVM's cache. The launcher calls it.")
final class RehearseCommand implements Callable<Integer> {
    private static final String[][] PIECES = {
        {"migrate"},
        {"status"},
        {"status", "-o", "json"},
        {"sets"},
        {"explain", "--participant", "593b4716-4c81-4ef8-9cbb-d5bc510e246c"},
        {"man"},
        {"completion"},
        {"outcomes"},
        {"outcomes", "-o", "csv"},
        {"explain", "1"},
        {"run"},
        {"no-such-command"}
    };

    private final Session session;

    @Spec private CommandSpec spec = CommandSpec.create();

    RehearseCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Session unseen = unseen();
        Reconciler.run(unseen, "--help");
        spec.root().subcommands().keySet().forEach(name -> Reconciler.run(unseen, name, "-h"));
        for (String[] piece : PIECES) {
            Reconciler.run(unseen, piece);
        }
        return ExitCode.OK.code();
    }

    /// No request is sent: nothing is queued.
    private Session unseen() {
        var nobody = new StandardOutput(OutputStream.nullOutputStream());
        var environment = new HashMap<>(session.environment());
        environment.putAll(
                Map.of(
                        "RECONCILER_DB_USER", "postgres",
                        "RECONCILER_API_BASE_URL", "http://localhost:9",
                        "RECONCILER_API_CLIENT_ID", "rehearsal",
                        "RECONCILER_API_CLIENT_SECRET", "rehearsal"));
        return new Session(environment, new Terminal(nobody, nobody, false), session.clock());
    }
}
