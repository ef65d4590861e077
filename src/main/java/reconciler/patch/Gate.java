package reconciler.patch;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reconciler.outcome.Pauses;

/// All waiting there is, and the last question before a request goes out.
final class Gate {
    private final Pace pace;
    private final Clearance clearance;
    private final Pauses pauses;
    private final DeadlineClock clock;
    private final Standing standing;
    private final Semaphore permits;

    Gate(
            Pace pace,
            Clearance clearance,
            Pauses pauses,
            DeadlineClock clock,
            Standing standing,
            int inFlight) {
        this.pace = pace;
        this.clearance = clearance;
        this.pauses = pauses;
        this.clock = clock;
        this.standing = standing;
        permits = new Semaphore(inFlight, true);
    }

    /// Waits for the pace.
    ///
    /// @return null when nothing may be sent any more
    @Nullable Slot admit() {
        if (standing.halt() != null) {
            return null;
        }
        long from = clock.nanoTime();
        Slot slot = pace.admit();
        waited(from);
        return standing.halt() == null ? slot : null;
    }

    /// @return false when the wait was cut short
    boolean pause(Duration pause) {
        long from = clock.nanoTime();
        boolean whole = pauses.pause(pause);
        waited(from);
        return whole && standing.halt() == null;
    }

    void hold(Duration pause) {
        pace.hold(pause);
    }

    void learn(Answer answer, Duration took) {
        if (answer instanceof Answer.Received received) {
            pace.learn(
                    RateHeaders.of(
                                    received.header("inin-ratelimit-allowed"),
                                    received.header("inin-ratelimit-count"),
                                    received.header("inin-ratelimit-reset"))
                            .after(took));
        }
    }

    /// Runs `call` as one of those in flight.
    Reply inFlight(Supplier<Reply> call) {
        try {
            permits.acquire();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return new Reply.Withheld();
        }
        try {
            return call.get();
        } finally {
            permits.release();
        }
    }

    /// Whether a request may go on the wire at this very moment.
    boolean isOpen() {
        return standing.halt() == null
                && !Thread.currentThread().isInterrupted()
                && clearance.granted();
    }

    private void waited(long from) {
        standing.waited(Duration.ofNanos(clock.nanoTime() - from));
    }
}
