package reconciler.run;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import reconciler.queue.ClaimLost;
import reconciler.queue.Scope;

/// The express lane while this process holds its lease: takes what is urgent when it is rung for,
/// and opens a run for it. Used by one thread, but for [#ring].
final class ExpressSession {
    /// A run ends when nothing came for so long, or after so long as soon as nothing is under way.
    private static final long LULL = Duration.ofMinutes(1).toNanos();

    private static final long LONG_RUN = Duration.ofHours(1).toNanos();

    private final ExpressDuty duty;
    private final ExpressClaims claims;
    private final Function<Scope, Long> opening;
    private final Consumer<String> said;
    private final LongSupplier nanoTime;
    private final AtomicBoolean rung = new AtomicBoolean();
    private @Nullable ExpressRun run;
    private long began;
    private long lastTaken;

    /// @param opening puts a run on record that begins now, and gives its number
    /// @param said is told how each run ended
    ExpressSession(
            ExpressDuty duty,
            ExpressClaims claims,
            Function<Scope, Long> opening,
            Consumer<String> said,
            LongSupplier nanoTime) {
        this.duty = duty;
        this.claims = claims;
        this.opening = opening;
        this.said = said;
        this.nanoTime = nanoTime;
    }

    /// Something urgent was queued.
    void ring() {
        rung.set(true);
        duty.backlog().tell();
    }

    /// Works until it is asked to stop, and settles then what it has sent.
    void serve() {
        try {
            while (!duty.stop().isRaised() || !isIdle()) {
                serveOnce();
            }
            endRun();
        } catch (LeaseLost | ClaimLost lost) {
            giveUp(ExitCode.LOCKED, String.valueOf(lost.getMessage()));
        } catch (RuntimeException fault) {
            giveUp(ExitCode.BUG, "the express lane broke");
            throw fault;
        }
    }

    /// What it leaves, whoever holds the lease next puts back.
    private void giveUp(ExitCode exitCode, String message) {
        duty.stop().raise(exitCode, message);
        if (run != null) {
            run.awaitAll();
        }
    }

    private void serveOnce() {
        rung.set(false);
        boolean settled = run != null && run.settleEnded();
        ExpressClaims.Taken taken = claims.next();
        if (taken != null) {
            lastTaken = nanoTime.getAsLong();
            runFor(taken.scope()).send(taken.page());
        } else if (!settled) {
            endIfOver();
            await();
        }
    }

    private ExpressRun runFor(Scope scope) {
        ExpressRun open = run;
        if (open == null) {
            open = new ExpressRun(duty.context(opening.apply(scope), scope));
            began = lastTaken;
            run = open;
        }
        return open;
    }

    private boolean isIdle() {
        return run == null || run.isIdle();
    }

    private void endIfOver() {
        long now = nanoTime.getAsLong();
        if (isIdle() && (now - lastTaken > LULL || now - began > LONG_RUN)) {
            endRun();
        }
    }

    private void endRun() {
        if (run != null) {
            said.accept(run.end());
            run = null;
        }
    }

    private void await() {
        if (run == null) {
            duty.backlog().await(rung::get, false, claims.rest());
        } else {
            run.await(rung::get, claims.isFull(), claims.rest());
        }
    }
}
