package reconciler.cli;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import reconciler.run.ExitCode;
import reconciler.run.StopSignal;

/// SIGTERM and Ctrl-C while work is under way: the stop signal is raised, the JVM waits until the
/// work has come to its end, and the process exits with the work's own code (5 when it was
/// stopped), not with 143.
final class Termination {
    /// Longer than one call and its settlement; systemd's and Kubernetes' grace period has to be
    /// longer still.
    private static final long GRACE_SECONDS = 80;

    private final StopSignal stop = new StopSignal();
    private final CompletableFuture<ExitCode> ended = new CompletableFuture<>();
    private final Thread hook = new Thread(this::onShutdown, "termination");

    private Termination() {}

    /// What can be stopped.
    interface Work {
        /// @param stop raised when the process is to end
        ExitCode carryOut(StopSignal stop);
    }

    /// Carries work out that SIGTERM brings to its end. What fails after that is told here: who is
    /// further up the stack has no time left for it.
    ///
    /// @return the exit code
    static int during(Session session, Work work) {
        var termination = new Termination();
        Runtime.getRuntime().addShutdownHook(termination.hook);
        ExitCode code = ExitCode.BUG;
        try {
            code = work.carryOut(termination.stop);
        } catch (RuntimeException failure) {
            if (!termination.stop.isRaised()) {
                throw failure;
            }
            code = new Failures(session).tell(failure);
        } finally {
            termination.end(code);
        }
        return code.code();
    }

    private void end(ExitCode code) {
        ended.complete(code);
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            // The hook is running: it saw the end and goes on.
            return;
        }
    }

    private void onShutdown() {
        stop.raise(ExitCode.STOPPED, "stopped on request; what was not sent is pending");
        try {
            Runtime.getRuntime().halt(ended.get(GRACE_SECONDS, TimeUnit.SECONDS).code());
        } catch (InterruptedException again) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException late) {
            // The work hangs: the JVM ends with the signal's own code.
            return;
        }
    }
}
