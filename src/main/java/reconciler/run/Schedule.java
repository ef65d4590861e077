package reconciler.run;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reconciler.calendar.Cron;
import reconciler.calendar.Window;

/// When a job runs by itself.
///
/// On the days of a clock change it does what ISC cron does: a time that is skipped fires right
/// after the gap, once for all that were skipped; a time that comes twice fires the first time.
/// What stands for a distance (every hour, every five minutes) goes on through both.
///
/// @param window the hours in which a run may begin; null means any
/// @param misfire what a firing becomes that could not be served
public record Schedule(Cron cron, ZoneId zone, @Nullable Window window, Misfire misfire) {
    /// A window opens once a day, so this many openings look more than ten years ahead.
    private static final int OPENINGS = 4000;

    private static final Duration HOUR = Duration.ofHours(1);

    /// What becomes of firings that were missed.
    public enum Misfire {
        /// One run serves all of them, as soon as the window allows.
        RUN_ONCE,
        /// The next firing serves them.
        SKIP
    }

    public boolean isOpenAt(Instant now) {
        return window == null || window.isOpenAt(now, zone);
    }

    /// The first firing after `moment` that the window lets through; null when there is none.
    ///
    /// A time inside the window that is skipped with the rest of the window, as 02:30 is in
    /// 02:00-03:00, is a misfire: with `run-once` it fires when the window opens next.
    public @Nullable Instant nextAfter(Instant moment) {
        @Nullable Instant next = following(beforeMissed(moment));
        while (next != null && !next.isAfter(moment)) {
            next = following(next);
        }
        return next;
    }

    /// The last firing from `first`, which is one, up to `now`.
    public Instant latest(Instant first, Instant now) {
        Instant latest = first;
        @Nullable Instant next = first;
        while (next != null && !next.isAfter(now)) {
            latest = next;
            next = nextAfter(next);
        }
        return latest;
    }

    /// When the window closes that is open at `moment`; null when it is not open, or there is none.
    public @Nullable Instant closesAfter(Instant moment) {
        return window == null || !isOpenAt(moment) ? null : window.closesAfter(moment, zone);
    }

    /// When the window opens next after `moment`; that moment itself when there is no window.
    public Instant opensAfter(Instant moment) {
        return window == null ? moment : window.opensAfter(moment, zone);
    }

    /// Where to look from: a gap before `moment` may have left a firing to an opening after it.
    private Instant beforeMissed(Instant moment) {
        if (window == null || misfire == Misfire.SKIP || isOpenAt(moment)) {
            return moment;
        }
        @Nullable ZoneOffsetTransition change =
                zone.getRules().previousTransition(moment.plusNanos(1));
        return change != null
                        && change.isGap()
                        && !isOpenAt(change.getInstant())
                        && opensAfter(change.getInstant()).isAfter(moment)
                ? change.getInstant().minusNanos(1)
                : moment;
    }

    private @Nullable Instant following(Instant moment) {
        return cron.runsThroughRepeatedHours() ? followingDistance(moment) : followingTime(moment);
    }

    /// Times of day: each local time has one instant, in their order.
    private @Nullable Instant followingTime(Instant moment) {
        @Nullable LocalDateTime local = next(moment.atZone(zone).toLocalDateTime());
        while (local != null) {
            @Nullable Instant served = served(local);
            if (served != null && served.isAfter(moment)) {
                return served;
            }
            local = next(local);
        }
        return null;
    }

    private @Nullable Instant served(LocalDateTime local) {
        ZoneRules rules = zone.getRules();
        List<ZoneOffset> offsets = rules.getValidOffsets(local);
        return offsets.isEmpty()
                ? afterGap(rules.getTransition(local).getInstant())
                : local.toInstant(offsets.getFirst());
    }

    /// What was skipped fires at the end of the gap, and where the window is closed then, by the
    /// misfire rule.
    private @Nullable Instant afterGap(Instant end) {
        if (isOpenAt(end)) {
            return end;
        }
        return switch (misfire) {
            case RUN_ONCE -> opensAfter(end);
            case SKIP -> null;
        };
    }

    /// Distances: every instant whose local time is one, between two changes of the clock at a
    /// time.
    private @Nullable Instant followingDistance(Instant moment) {
        ZoneRules rules = zone.getRules();
        Instant begin = moment;
        LocalDateTime past = moment.atZone(zone).toLocalDateTime();
        while (true) {
            @Nullable LocalDateTime local = next(past);
            if (local == null) {
                return null;
            }
            Instant instant = local.toInstant(rules.getOffset(begin));
            @Nullable ZoneOffsetTransition change = rules.nextTransition(begin);
            if (change == null || instant.isBefore(change.getInstant())) {
                return instant;
            }
            @Nullable Instant made =
                    local.isBefore(change.getDateTimeAfter()) ? madeUp(change) : null;
            if (made != null) {
                return made;
            }
            begin = change.getInstant();
            past = change.getDateTimeAfter().minusNanos(1);
        }
    }

    /// What a gap swallowed of distances: an hourly job has another firing within the hour.
    private @Nullable Instant madeUp(ZoneOffsetTransition gap) {
        LocalDateTime end = gap.getDateTimeAfter();
        if (cron.isEveryHour()) {
            @Nullable LocalDateTime next = next(end.minusNanos(1));
            if (next != null && next.isBefore(end.plus(HOUR))) {
                return null;
            }
        }
        return afterGap(gap.getInstant());
    }

    /// The next local time that the window lets through.
    private @Nullable LocalDateTime next(LocalDateTime past) {
        @Nullable LocalDateTime next = cron.next(past);
        for (int i = 0; window != null && next != null && i < OPENINGS; i++) {
            if (window.contains(next.toLocalTime())) {
                return next;
            }
            next = cron.next(window.opening(next).minusNanos(1));
        }
        return window == null ? next : null;
    }
}
