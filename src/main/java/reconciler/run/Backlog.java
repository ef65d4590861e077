package reconciler.run;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/// How far a run claims ahead of what it settles: so far that whoever may send always has something
/// to send, and a slow answer keeps nobody but itself; and never beyond its share of the memory.
final class Backlog {
    /// As many turns wait as are in flight: they are sent while the next page is being claimed.
    private static final int ROUNDS = 2;

    private final int enoughTurns;
    private final long mostBytes;
    private int turns;
    private long bytes;
    private boolean claiming;

    /// @param inFlight the most requests on the wire at once
    /// @param mostBytes what pages that are claimed ahead may weigh, settled or not
    Backlog(int inFlight, long mostBytes) {
        this.enoughTurns = ROUNDS * inFlight;
        this.mostBytes = mostBytes;
    }

    /// Asks for leave to claim one page more, one at a time over all partitions. Who gets it says
    /// [#claimed] afterwards, whatever came of it.
    synchronized boolean mayClaimAhead() {
        if (claiming || !hasRoom()) {
            return false;
        }
        claiming = true;
        return true;
    }

    synchronized void claimed() {
        claiming = false;
        tell();
    }

    /// A page is about to be sent.
    synchronized void began(int turns, long bytes) {
        this.turns += turns;
        this.bytes += bytes;
    }

    synchronized void turnEnded() {
        turns--;
        if (turns == enoughTurns - 1) {
            tell();
        }
    }

    /// A page is settled and forgotten.
    synchronized void settled(long bytes) {
        boolean wasFull = this.bytes >= mostBytes;
        this.bytes -= bytes;
        if (wasFull) {
            tell();
        }
    }

    /// Somebody who waits may find what he waits for.
    synchronized void tell() {
        notifyAll();
    }

    /// Waits until `isNews` or, if asked for, until there may be room for one page more; in any
    /// case no longer than `most`. An interrupt does not cut it short and is not lost.
    void await(BooleanSupplier isNews, boolean orRoom, Duration most) {
        boolean interrupted = Thread.interrupted();
        long end = System.nanoTime() + most.toNanos();
        synchronized (this) {
            long left = most.toNanos();
            while (left > 0 && !isNews.getAsBoolean() && !(orRoom && !claiming && hasRoom())) {
                try {
                    wait(Math.max(1, left / 1_000_000));
                } catch (InterruptedException _) {
                    interrupted = true;
                }
                left = end - System.nanoTime();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean hasRoom() {
        return turns < enoughTurns && bytes < mostBytes;
    }
}
