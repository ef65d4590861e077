package reconciler.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reconciler.run.ExitCode;
import reconciler.run.StopSignal;

/// SIGTERM and Ctrl-C while work is under way: the stop signal is raised, the JVM waits until the
/// work has come to its end, and the process exits with the work's own code (5 when it was
/// stopped), not with 143.
final class Termination implements AutoCloseable {
    /// Longer than one call and its settlement; systemd's and Kubernetes' grace period has to be
    /// longer still.
    private static final long GRACE_SECONDS = 80;

    private final StopSignal stop = new StopSignal();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook = new Thread(this::onShutdown, "termination");
    private volatile @Nullable ExitCode exitCode;

    private Termination() {}

    static Termination expected() {
        var termination = new Termination();
        Runtime.getRuntime().addShutdownHook(termination.hook);
        return termination;
    }

    StopSignal stop() {
        return stop;
    }

    /// Remembers how the work ended.
    int exit(ExitCode code) {
        exitCode = code;
        return code.code();
    }

    @Override
    public void close() {
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            // The hook is running: it saw `ended` and goes on.
            return;
        }
    }

    private void onShutdown() {
        stop.raise(ExitCode.STOPPED, "stopped on request; what was not sent is pending");
        try {
            if (ended.await(GRACE_SECONDS, TimeUnit.SECONDS)) {
                ExitCode code = exitCode;
                Runtime.getRuntime().halt((code == null ? ExitCode.STOPPED : code).code());
            }
        } catch (InterruptedException again) {
            Thread.currentThread().interrupt();
        }
    }
}
