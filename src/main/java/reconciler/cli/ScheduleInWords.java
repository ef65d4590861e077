package reconciler.cli;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import reconciler.run.Schedule;

/// A job's schedule and its next firings, in the words of its own zone.
record ScheduleInWords(String job, Schedule schedule) {
    private static final DateTimeFormatter SHOWN =
            DateTimeFormatter.ofPattern("EEE d MMM yyyy HH:mm", Locale.ENGLISH);

    /// `nightly: 0 2 * * * in America/New_York, in the window 01:00-05:00; next Tue 24 Nov 2026
    /// 02:00 (07:00 UTC), ...`.
    String with(int firings, Instant now) {
        return job
                + ": "
                + schedule.cron()
                + " in "
                + schedule.zone()
                + (schedule.window() == null
                        ? ""
                        : ", in the window "
                                + schedule.window().from()
                                + "-"
                                + schedule.window().until())
                + "; next "
                + String.join(", ", next(firings, now).stream().map(this::of).toList());
    }

    List<Instant> next(int firings, Instant now) {
        List<Instant> next = new ArrayList<>(firings);
        @Nullable Instant firing = schedule.nextAfter(now);
        while (firing != null && next.size() < firings) {
            next.add(firing);
            firing = schedule.nextAfter(firing);
        }
        return next;
    }

    /// `Tue 24 Nov 2026 02:00 (07:00 UTC)`; the clock of UTC tells two times apart that are alike.
    String of(Instant firing) {
        String local = SHOWN.format(firing.atZone(schedule.zone()));
        return schedule.zone().normalized().equals(ZoneOffset.UTC)
                ? local
                : local + " (" + firing.atOffset(ZoneOffset.UTC).toLocalTime() + " UTC)";
    }
}
