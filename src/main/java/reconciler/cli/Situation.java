package reconciler.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reconciler.audit.AuditView.RunRow;
import reconciler.pace.RateView;
import reconciler.queue.Backlog;
import reconciler.queue.PausedSets;
import reconciler.queue.SetAsides;
import reconciler.run.Leases;
import reconciler.run.Pulse;
import reconciler.run.Schedule;
import reconciler.run.StopRequest;

/// How everything stands at one moment.
///
/// @param now by the database's clock
/// @param underWay null when no run is under way
/// @param express who serves the express lane; null when nobody does
/// @param limits what the API wants left alone for now
/// @param aside rows that were set aside, the first of them
/// @param last the last runs, the newest first
/// @param job whose rule about approvals and whose schedule count
/// @param takers which jobs take which roles
record Situation(
        Instant now,
        @Nullable UnderWay underWay,
        @Nullable Express express,
        Backlog backlog,
        List<RateView.Paused> limits,
        List<PausedSets.Paused> paused,
        Aside aside,
        List<RunRow> last,
        OfJob job,
        Takers takers) {

    /// A run under way.
    ///
    /// @param job null before it has its number
    /// @param pulse null while it has told nothing yet
    /// @param stop who asked it to end; null when nobody did
    record UnderWay(
            Leases.Holder holder,
            @Nullable String job,
            @Nullable Pulse pulse,
            @Nullable StopRequest stop) {
        /// @return null when nothing moves, or nothing is known yet
        @Nullable Duration timeLeft() {
            return pulse == null ? null : pulse.timeFor(pulse.left());
        }
    }

    /// The express lane at work.
    ///
    /// @param inFlight rows that it has in hand
    record Express(Leases.Holder holder, long inFlight) {}

    /// What was set aside.
    ///
    /// @param rows all of them
    record Aside(long rows, List<SetAsides.Held> first) {}

    /// Rows in the hands of somebody who has died.
    long dead() {
        long alive = express == null ? 0 : express.inFlight();
        return underWay == null ? Math.max(0, backlog.rows(Backlog.Cause.IN_FLIGHT) - alive) : 0;
    }

    /// What the job file adds.
    ///
    /// @param schedule null when it has none
    /// @param unknown why the file does not help; null when it does
    record OfJob(String name, @Nullable Schedule schedule, @Nullable String unknown) {
        /// When the schedule runs it next; none without a schedule.
        List<Instant> next(int firings, Instant now) {
            return schedule == null
                    ? List.of()
                    : new ScheduleInWords(name, schedule).next(firings, now);
        }
    }
}
