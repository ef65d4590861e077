package reconciler.cli;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reconciler.database.Database;
import reconciler.run.ExitCode;
import reconciler.run.Leases;
import reconciler.run.Steering;
import reconciler.run.StopSignal;

/// `reconciler stop`
@Command(
        name = "stop",
        mixinStandardHelpOptions = true,
        header = "Stop the current run cleanly, on any host.",
        description =
                "Calls that are out are waited for and settled, the rest goes back to pending, and the run exits with 5. It hears"
                        + " of it within a second.",
        footer = {
            "",
            "Examples:",
            "  reconciler stop --wait --reason \"wrong price list\"",
            "  reconciler resume                  to go on later"
        })
final class StopCommand implements Callable<Integer> {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

    private final Session session;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the audit.")
    private @Nullable String reason;

    @Option(names = "--wait", description = "Until it has ended.")
    private boolean wait;

    StopCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try (Database database = session.database()) {
            Leases.Holder holder =
                    new Steering(database.dataSource())
                            .stop(new Steering.Order(session.user(), reason));
            session.terminal().say("Asked " + holder.name() + " to stop: " + holder.owner() + ".");
            if (wait) {
                waitFor(holder, new Leases(database.dataSource()));
                session.terminal().say("It has ended; `reconciler resume` goes on.");
            }
            return ExitCode.OK.code();
        }
    }

    /// A holder that is dead lets its lease expire: this ends too.
    private static void waitFor(Leases.Holder asked, Leases leases) {
        var time = new StopSignal();
        while (true) {
            Leases.Holder now = Objects.requireNonNull(leases.holder());
            if (now.epoch() != asked.epoch()
                    || !Objects.equals(now.token(), asked.token())
                    || !now.isAlive()
                    || !time.pause(BETWEEN_LOOKS)) {
                return;
            }
        }
    }
}
