package reconciler.run;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.support.CronExpression;

/// The section `schedule` of a job file.
final class ScheduleReader {
    private static final Pattern WINDOW_FORM =
            Pattern.compile("(\\d{2}:\\d{2})\\s*-\\s*(\\d{2}:\\d{2})");
    private static final Reading<ZoneId> ZONE =
            new Reading<>("a time zone such as America/New_York or UTC", ScheduleReader::zone);
    private static final Reading<Schedule.Window> WINDOW =
            new Reading<>(
                    "two different times of day, such as 01:00-05:00", ScheduleReader::window);
    private static final Reading<CronExpression> CRON =
            new Reading<>(
                    "five fields (minute hour day-of-month month day-of-week), with one of the two"
                            + " days as *, such as \"0 2 * * *\"",
                    ScheduleReader::cron);

    private ScheduleReader() {}

    static @Nullable Schedule read(Section section) {
        CronExpression cron = section.required("cron", CRON);
        ZoneId zone = section.value("zone", ZONE, ZoneId.of("UTC"));
        Schedule.Window window = section.optional("window", WINDOW);
        Schedule.Misfire misfire =
                section.value(
                        "misfire",
                        Reading.oneOf(Schedule.Misfire.class),
                        Schedule.Misfire.RUN_ONCE);
        if (cron == null) {
            return null;
        }
        Schedule schedule = new Schedule(cron, zone, window, misfire);
        if (schedule.nextAfter(Instant.EPOCH) == null) {
            section.problem("cron", "never fires" + (window == null ? "" : " inside the window"));
        }
        return schedule;
    }

    private static @Nullable ZoneId zone(String text) {
        try {
            return ZoneId.of(text);
        } catch (DateTimeException _) {
            return null;
        }
    }

    private static Schedule.@Nullable Window window(String text) {
        Matcher form = WINDOW_FORM.matcher(text);
        if (!form.matches() || form.group(1).equals(form.group(2))) {
            return null;
        }
        try {
            return new Schedule.Window(
                    LocalTime.parse(form.group(1), DateTimeFormatter.ISO_LOCAL_TIME),
                    LocalTime.parse(form.group(2), DateTimeFormatter.ISO_LOCAL_TIME));
        } catch (DateTimeException _) {
            return null;
        }
    }

    /// With both days given, crontab runs on either and this parser on their intersection: refused,
    /// so that nobody has to know.
    private static @Nullable CronExpression cron(String text) {
        String[] fields = text.strip().split("\\s+");
        if (fields.length != 5 || (!isAny(fields[2]) && !isAny(fields[4]))) {
            return null;
        }
        try {
            return CronExpression.parse("0 " + String.join(" ", fields));
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    private static boolean isAny(String field) {
        return field.equals("*") || field.equals("?");
    }
}
