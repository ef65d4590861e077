package reconciler.queue;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reconciler.change.ParticipantRole;

/// Rows that are not over, by what they wait for.
///
/// @param lines by role
/// @param unapproved sets that lack an approval, the greatest first
public record Backlog(List<Line> lines, List<Unapproved> unapproved) {
    public Backlog {
        lines = List.copyOf(lines);
        unapproved = List.copyOf(unapproved);
    }

    /// What a row waits for: the first of these that holds.
    public enum Cause {
        /// It was set aside, or waits with a newer change to the same attribute that was.
        SET_ASIDE,
        /// A run has it in hand, or died with it.
        IN_FLIGHT,
        PAUSED,
        /// Its not-before lies ahead.
        NOT_BEFORE,
        /// The API could not be brought to take it, and it was put off.
        PUT_OFF,
        UNAPPROVED,
        /// Nothing but a run.
        RUN
    }

    /// Rows of one role that wait for the same.
    ///
    /// @param oldest when the first of them was queued
    /// @param next when the first of them is due; null where no time decides
    public record Line(
            ParticipantRole role, Cause cause, long rows, Instant oldest, @Nullable Instant next) {}

    /// A set that lacks an approval.
    ///
    /// @param set null: rows of no set
    /// @param requestedBy null for rows of no set
    /// @param lapsed whether it was approved once
    public record Unapproved(
            @Nullable Long set, @Nullable String requestedBy, long rows, boolean lapsed) {}

    public long rows(Cause cause) {
        return lines.stream().filter(line -> line.cause() == cause).mapToLong(Line::rows).sum();
    }

    /// When the first row is due that waits for a time; null when none does.
    public @Nullable Instant next() {
        return lines.stream()
                .<Instant>mapMulti((line, sink) -> {
                    if (line.next() != null) {
                        sink.accept(line.next());
                    }
                })
                .min(Instant::compareTo)
                .orElse(null);
    }
}
