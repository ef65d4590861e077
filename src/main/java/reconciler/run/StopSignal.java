package reconciler.run;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reconciler.outcome.Pauses;

/// Asks everybody who works for a run to come to an end: unsent rows go back, waits end at once.
/// Raised once; the first reason stands.
public final class StopSignal implements Pauses {
    private final CountDownLatch raised = new CountDownLatch(1);
    private final Set<StopSignal> children = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable Reason> reason = new AtomicReference<>();

    /// @param exitCode how the run ends because of it
    /// @param message for the operator
    public record Reason(ExitCode exitCode, String message) {}

    /// A signal for a part of the work: it is raised with this one, and can be raised alone. When
    /// the part is over, it has to be forgotten.
    public StopSignal child() {
        var child = new StopSignal();
        children.add(child);
        Reason standing = reason.get();
        if (standing != null) {
            child.raise(standing.exitCode(), standing.message());
        }
        return child;
    }

    public void forget(StopSignal child) {
        children.remove(child);
    }

    public void raise(ExitCode exitCode, String message) {
        reason.compareAndSet(null, new Reason(exitCode, message));
        raised.countDown();
        children.forEach(child -> child.raise(exitCode, message));
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
