package reconciler.run;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a run goes, as its holder told with the last renewal of the lease.
///
/// @param requests since it began, `throttled` of them answered 429
/// @param settled rows that are over
/// @param recentRequests in the last minute, or in `recent`, as much of it as there is
/// @param ceilingPerMinute the most that may be sent
/// @param roles in the order of their names
/// @param heldUpBy why nothing is sent for now; null while something is
public record Pulse(
        long requests,
        long throttled,
        long settled,
        long recentRequests,
        long recentThrottled,
        Duration recent,
        double ceilingPerMinute,
        List<OfRole> roles,
        @Nullable String heldUpBy) {

    /// One role's part.
    ///
    /// @param settled rows that are over, `notApplied` of them without being in force
    public record OfRole(String role, long planned, long settled, long notApplied) {
        public long left() {
            return Math.max(0, planned - settled);
        }
    }

    public Pulse {
        roles = List.copyOf(roles);
    }

    public long planned() {
        return roles.stream().mapToLong(OfRole::planned).sum();
    }

    /// Rows that this run has still before it.
    public long left() {
        return roles.stream().mapToLong(OfRole::left).sum();
    }

    /// Requests a minute, as it goes at the moment.
    public double perMinute() {
        return recent.isZero() ? 0 : recentRequests * 60_000.0 / recent.toMillis();
    }

    /// The part of the recent requests that was answered 429, from 0 to 1.
    public double throttledShare() {
        return recentRequests == 0 ? 0 : (double) recentThrottled / recentRequests;
    }

    /// When `rows` more will be settled, at this rate and with as many rows a request as before;
    /// null when nothing moves.
    public @Nullable Duration timeFor(long rows) {
        double rowsPerRequest = settled == 0 ? 1 : (double) settled / Math.max(1, requests);
        double rowsPerMinute = perMinute() * rowsPerRequest;
        return rowsPerMinute < 0.01
                ? null
                : Duration.ofSeconds(Math.round(Math.max(0, rows) * 60 / rowsPerMinute));
    }
}
