package reconciler.plan;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import reconciler.run.JobFile;
import reconciler.run.Schedule;

/// What applying a plan needs, and whether there is time for it.
///
/// @param reads requests that read a conversation first
/// @param changes requests that change a participant
/// @param perMinute the pace of all processes together
/// @param takes the time at that pace
/// @param begins when the job runs next by its schedule; now when it has none or is open
/// @param windowEnds when that run has to be over; null when the job has no window
/// @param tooLate rows whose apply-by comes before the end
/// @param firstDeadline the earliest of those; null when there are none
public record Estimate(
        long reads,
        long changes,
        double perMinute,
        Duration takes,
        Instant begins,
        @Nullable Instant windowEnds,
        long tooLate,
        @Nullable Instant firstDeadline) {

    static Estimate of(JobFile job, long reads, long changes, Instant now) {
        double perMinute = job.rate().ours();
        var takes = Duration.ofMillis((long) Math.ceil((reads + changes) * 60_000 / perMinute));
        Schedule schedule = job.schedule();
        Instant next = schedule == null ? null : schedule.nextAfter(now);
        Instant begins =
                schedule == null || next == null || schedule.closesAfter(now) != null ? now : next;
        return new Estimate(
                reads,
                changes,
                perMinute,
                takes,
                begins,
                schedule == null ? null : schedule.closesAfter(begins),
                0,
                null);
    }

    Estimate missing(long rows, @Nullable Instant first) {
        return new Estimate(reads, changes, perMinute, takes, begins, windowEnds, rows, first);
    }

    public long requests() {
        return reads + changes;
    }

    public Instant ends() {
        return begins.plus(takes);
    }

    /// Whether everything is done before the window closes.
    public boolean fitsTheWindow() {
        return windowEnds == null || !ends().isAfter(windowEnds);
    }
}
