package reconciler.run;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reconciler.calendar.Cron;
import reconciler.calendar.Window;
import reconciler.calendar.Zones;

/// The section `schedule` of a job file.
final class ScheduleReader {
    private static final Reading<ZoneId> ZONE =
            new Reading<>("a time zone such as America/New_York or UTC", Zones::parse);

    /// Empty for the whole day.
    private static final Reading<Optional<Window>> WINDOW =
            new Reading<>(
                    "two different times of day, such as 01:00-05:00",
                    text -> Optional.ofNullable(Window.parse(text)));

    private static final Reading<Cron> CRON =
            new Reading<>(
                    "five fields (minute hour day-of-month month day-of-week), such as \"0 2 * * *\"",
                    Cron::parse);

    private ScheduleReader() {}

    static @Nullable Schedule read(Section section) {
        Cron cron = section.required("cron", CRON);
        ZoneId zone = section.value("zone", ZONE, ZoneId.of("UTC"));
        Window window = section.value("window", WINDOW, Optional.<Window>empty()).orElse(null);
        Schedule.Misfire misfire =
                section.value(
                        "misfire",
                        Reading.oneOf(Schedule.Misfire.class),
                        Schedule.Misfire.RUN_ONCE);
        if (cron == null) {
            return null;
        }
        if (new Schedule(cron, zone, null, misfire).nextAfter(Instant.EPOCH) == null) {
            section.problem("cron", "never fires: no month that it names has such a day");
            return null;
        }
        Schedule schedule = new Schedule(cron, zone, window, misfire);
        if (schedule.nextAfter(Instant.EPOCH) == null) {
            section.problem("cron", "never fires inside the window");
        }
        return schedule;
    }
}
