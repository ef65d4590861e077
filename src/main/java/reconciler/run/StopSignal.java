package reconciler.run;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reconciler.outcome.Pauses;

/// Asks everybody who works for a run to come to an end: unsent rows go back, waits end at once.
/// Raised once; the first reason stands.
public final class StopSignal implements Pauses {
    private final CountDownLatch raised = new CountDownLatch(1);
    private final AtomicReference<@Nullable Reason> reason = new AtomicReference<>();

    /// @param exitCode how the run ends because of it
    /// @param message for the operator
    public record Reason(ExitCode exitCode, String message) {}

    public void raise(ExitCode exitCode, String message) {
        reason.compareAndSet(null, new Reason(exitCode, message));
        raised.countDown();
    }

    public boolean isRaised() {
        return raised.getCount() == 0;
    }

    public @Nullable Reason reason() {
        return reason.get();
    }

    @Override
    public boolean pause(Duration pause) {
        try {
            return !raised.await(pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
