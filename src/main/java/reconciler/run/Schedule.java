package reconciler.run;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.support.CronExpression;

/// When a job runs by itself.
///
/// @param window the hours in which a run may begin; null means any
/// @param misfire what a firing becomes that nobody was there to serve
public record Schedule(CronExpression cron, ZoneId zone, @Nullable Window window, Misfire misfire) {
    /// A window opens once a day, so this many openings look more than ten years ahead.
    private static final int OPENINGS = 4000;

    /// What becomes of firings that were missed.
    public enum Misfire {
        /// One run serves all of them, as soon as the window allows.
        RUN_ONCE,
        /// The next firing serves them.
        SKIP
    }

    /// Hours of the day; crosses midnight when it ends before it begins.
    ///
    /// @param until the first minute outside
    public record Window(LocalTime from, LocalTime until) {
        public Window {
            if (from.equals(until)) {
                throw new IllegalArgumentException("a window has two different ends: " + from);
            }
        }

        public boolean contains(LocalTime time) {
            boolean started = !time.isBefore(from);
            boolean ended = !time.isBefore(until);
            return from.isBefore(until) ? started && !ended : started || !ended;
        }
    }

    public boolean isOpenAt(Instant now) {
        return window == null || window.contains(now.atZone(zone).toLocalTime());
    }

    /// The first firing after `moment` that the window lets through; null when there is none.
    public @Nullable Instant nextAfter(Instant moment) {
        ZonedDateTime firing = cron.next(moment.atZone(zone));
        for (int i = 0; i < OPENINGS && firing != null; i++) {
            if (isOpenAt(firing.toInstant())) {
                return firing.toInstant();
            }
            firing = cron.next(openingAfter(firing).minusNanos(1));
        }
        return null;
    }

    /// When the window closes that is open at `moment`; null when it is not open, or there is none.
    public @Nullable Instant closesAfter(Instant moment) {
        if (window == null || !isOpenAt(moment)) {
            return null;
        }
        ZonedDateTime here = moment.atZone(zone);
        ZonedDateTime today = here.with(window.until());
        return (today.isAfter(here) ? today : here.plusDays(1).with(window.until())).toInstant();
    }

    /// When the window opens next after `moment`.
    public Instant opensAfter(Instant moment) {
        return openingAfter(moment.atZone(zone)).toInstant();
    }

    private ZonedDateTime openingAfter(ZonedDateTime closed) {
        LocalTime from = window == null ? LocalTime.MIN : window.from();
        ZonedDateTime today = closed.with(from);
        return today.isAfter(closed) ? today : closed.plusDays(1).with(from);
    }
}
