package reconciler.calendar;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Hours of the day by the clock on the wall; crosses midnight when it ends before it begins.
///
/// It is open at every moment at which the clock shows a time inside, so that an hour that comes
/// twice is inside twice, and one that is skipped never.
///
/// @param until the first minute outside
public record Window(LocalTime from, LocalTime until) {
    private static final Pattern FORM =
            Pattern.compile("(\\d{1,2}):(\\d{2})\\s*[-\\u2013]\\s*(\\d{1,2}):(\\d{2})");

    /// A window opens and closes within so many days, however many of them a zone skips.
    private static final int DAYS = 4;

    public Window {
        if (from.equals(until)) {
            throw new IllegalArgumentException("a window has two different ends: " + from);
        }
    }

    /// Reads `22:00-05:00`; midnight is 00:00, or 24:00 as an end.
    ///
    /// @return null for the whole day, which is no restriction
    /// @throws Unreadable with the reason
    public static @Nullable Window parse(String text) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            throw new Unreadable(
                    text.contains(",")
                            ? "a job has one window: write a second job file for the other hours"
                            : "expected two times of day from 00:00 to 24:00, such as 22:00-05:00");
        }
        LocalTime from = time(form.group(1), form.group(2));
        LocalTime until = time(form.group(3), form.group(4));
        if (!from.equals(until)) {
            return new Window(from, until);
        }
        if (form.group(3).equals("24") && !form.group(1).equals("24")) {
            return null;
        }
        throw new Unreadable(
                "a window of no length is never open: give two different times, or leave `window` out for the whole day");
    }

    private static LocalTime time(String hour, String minute) {
        int hours = Integer.parseInt(hour);
        int minutes = Integer.parseInt(minute);
        if (hours == 24 && minutes == 0) {
            return LocalTime.MIDNIGHT;
        }
        if (hours > 23 || minutes > 59) {
            throw new Unreadable(
                    "there is no time of day "
                            + hour
                            + ":"
                            + minute
                            + ": they go from 00:00 to 24:00");
        }
        return LocalTime.of(hours, minutes);
    }

    public boolean contains(LocalTime time) {
        boolean started = !time.isBefore(from);
        boolean ended = !time.isBefore(until);
        return from.isBefore(until) ? started && !ended : started || !ended;
    }

    public boolean isOpenAt(Instant moment, ZoneId zone) {
        return contains(moment.atZone(zone).toLocalTime());
    }

    /// When it opens next after `moment`, at which it is closed.
    public Instant opensAfter(Instant moment, ZoneId zone) {
        return turns(moment, zone)
                .filter(turn -> isOpenAt(turn, zone))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the window never opens"));
    }

    /// When it closes that is open at `moment`.
    public Instant closesAfter(Instant moment, ZoneId zone) {
        return turns(moment, zone)
                .filter(turn -> !isOpenAt(turn, zone))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the window never closes"));
    }

    /// When it opens next after `closed` by the clock on the wall.
    public LocalDateTime opening(LocalDateTime closed) {
        LocalDateTime today = closed.with(from);
        return today.isBefore(closed) ? today.plusDays(1) : today;
    }

    /// Every moment after `moment` at which it may open or close: both its ends, as often as they
    /// come, and the changes of the clock.
    private Stream<Instant> turns(Instant moment, ZoneId zone) {
        ZoneRules rules = zone.getRules();
        LocalDate today = moment.atZone(zone).toLocalDate();
        Stream<Instant> ends =
                Stream.iterate(-1, day -> day < DAYS, day -> day + 1)
                        .map(today::plusDays)
                        .flatMap(day -> Stream.of(day.atTime(from), day.atTime(until)))
                        .flatMap(end -> rules.getValidOffsets(end).stream().map(end::toInstant));
        Stream<Instant> changes =
                Stream.iterate(
                                rules.nextTransition(moment),
                                change -> change != null,
                                change -> rules.nextTransition(change.getInstant()))
                        .limit(DAYS)
                        .map(ZoneOffsetTransition::getInstant);
        return Stream.concat(ends, changes).filter(turn -> turn.isAfter(moment)).sorted();
    }
}
