package reconciler.calendar;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.Year;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.TextStyle;
import java.time.zone.ZoneOffsetTransition;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A moment as people write it: a date, a time of day, and an offset or a zone.
///
/// Read are `2026-11-23T18:00:00Z`, with a blank for the T, seconds or not, offsets `+05:45`,
/// `+0545`, `+05`, a zone's name instead of or after the offset, and 24:00 for the end of a day.
public final class PointInTime {
    private static final Pattern FORM =
            Pattern.compile(
                    "(\\d+)-(\\d{1,2})-(\\d{1,2})(?:[Tt ] *(\\d{1,2}):(\\d{2})(?::(\\d{2})(?:[.,](\\d{1,9}))?)?)? *(.*)");
    private static final Pattern OFFSET =
            Pattern.compile("(?:UTC|GMT)?([+-])(\\d{2})(?::?(\\d{2}))?(?: *\\[(.+)])?");

    private static final Pattern AFTERNOON =
            Pattern.compile("\\d *[ap]\\.?m\\b", Pattern.CASE_INSENSITIVE);

    /// What the database's timestamps and four digits hold.
    private static final int LAST_YEAR = 9998;

    private PointInTime() {}

    /// @param zone of times without an offset or zone of their own; null: they are refused
    /// @throws Unreadable with what is wrong and what to write instead
    public static Instant parse(String text, @Nullable ZoneId zone) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches() || AFTERNOON.matcher(text).find()) {
            throw new Unreadable(strange(text.strip()));
        }
        LocalDate date = date(form.group(1), form.group(2), form.group(3));
        if (form.group(4) == null) {
            if (!form.group(8).isEmpty() && !isPlace(form.group(8))) {
                throw new Unreadable(strange(text.strip()));
            }
            throw new Unreadable(
                    "a date alone has no time of day: write "
                            + date
                            + "T00:00 for its begin or "
                            + date
                            + "T24:00 for its end, with an offset such as Z or -05:00");
        }
        return at(local(date, form), form.group(8), zone);
    }

    private static boolean isPlace(String rest) {
        return rest.matches("(?i)z|[+-]\\d{2}(:?\\d{2})?|[a-z_]+(/[a-z_/+-]+)?");
    }

    private static LocalDate date(String year, String month, String day) {
        if (year.length() != 4) {
            throw new Unreadable("the year has " + year.length() + " digits, not four");
        }
        int number = Integer.parseInt(year);
        if (number < 1 || number > LAST_YEAR) {
            throw new Unreadable("the year is from 0001 to " + LAST_YEAR);
        }
        int months = Integer.parseInt(month);
        if (months < 1 || months > 12) {
            throw new Unreadable("there is no month " + month + ": a date is year-month-day");
        }
        int days = Integer.parseInt(day);
        int most = Month.of(months).length(Year.isLeap(number));
        if (days < 1 || days > most) {
            throw new Unreadable(
                    Month.of(months).getDisplayName(TextStyle.FULL, Locale.ENGLISH)
                            + " "
                            + number
                            + " has "
                            + most
                            + " days");
        }
        return LocalDate.of(number, months, days);
    }

    private static LocalDateTime local(LocalDate date, Matcher form) {
        int hour = Integer.parseInt(form.group(4));
        int minute = Integer.parseInt(form.group(5));
        int second = form.group(6) == null ? 0 : Integer.parseInt(form.group(6));
        int nano =
                form.group(7) == null
                        ? 0
                        : Integer.parseInt((form.group(7) + "00000000").substring(0, 9));
        if (second == 60 && minute == 59) {
            throw new Unreadable(
                    "leap seconds are not counted: write second 59, or the full minute after it");
        }
        if (hour == 24 && minute == 0 && second == 0 && nano == 0) {
            return date.plusDays(1).atStartOfDay();
        }
        if (hour > 23 || minute > 59 || second > 59) {
            throw new Unreadable("a time of day is from 00:00:00 to 24:00:00");
        }
        return date.atTime(LocalTime.of(hour, minute, second, nano));
    }

    private static Instant at(LocalDateTime local, String place, @Nullable ZoneId zone) {
        if (place.equalsIgnoreCase("z")) {
            return local.toInstant(ZoneOffset.UTC);
        }
        if (place.isEmpty()) {
            if (zone == null) {
                throw new Unreadable(
                        "the offset is missing: add one, such as "
                                + local
                                + "Z or "
                                + local
                                + "-05:00");
            }
            return in(zone, local);
        }
        Matcher form = OFFSET.matcher(place);
        if (form.matches()) {
            return in(offset(form), form.group(4), local);
        }
        return in(Zones.parse(place.replaceFirst("^\\[(.*)]$", "$1")), local);
    }

    private static ZoneOffset offset(Matcher form) {
        try {
            return ZoneOffset.of(
                    form.group(1)
                            + form.group(2)
                            + ":"
                            + (form.group(3) == null ? "00" : form.group(3)));
        } catch (DateTimeException _) {
            throw new Unreadable("an offset is from -18:00 to +18:00, with minutes from 00 to 59");
        }
    }

    private static Instant in(ZoneOffset offset, @Nullable String zone, LocalDateTime local) {
        if (zone != null && !Zones.parse(zone).getRules().isValidOffset(local, offset)) {
            throw new Unreadable(
                    "in "
                            + Zones.parse(zone)
                            + " the offset is not "
                            + offset
                            + " then: leave one of them out");
        }
        return local.toInstant(offset);
    }

    private static Instant in(ZoneId zone, LocalDateTime local) {
        @Nullable ZoneOffsetTransition change = zone.getRules().getTransition(local);
        if (change == null) {
            return local.atZone(zone).toInstant();
        }
        throw new Unreadable(
                (change.isGap()
                                ? "the clock in "
                                        + zone
                                        + " skips this time, from "
                                        + change.getDateTimeBefore()
                                        + " to "
                                        + change.getDateTimeAfter()
                                : "this time comes twice in " + zone)
                        + ": write "
                        + reading(local, change.getOffsetBefore(), zone)
                        + " or "
                        + reading(local, change.getOffsetAfter(), zone));
    }

    private static String reading(LocalDateTime local, ZoneOffset offset, ZoneId zone) {
        Instant instant = local.toInstant(offset);
        return instant.atZone(zone).toOffsetDateTime() + " (" + instant + ")";
    }

    private static String strange(String text) {
        if (text.matches("\\d{5}([.,]\\d+)?")) {
            return "a spreadsheet's count of days is no time: format the column as text, such as 2026-11-23T18:00:00Z";
        }
        if (text.matches("\\d{10}|\\d{13}")) {
            return "a count of seconds since 1970 is no time here: write 2026-11-23T18:00:00Z";
        }
        if (text.matches("\\d{1,4}[./]\\d{1,2}[./]\\d{1,4}.*")) {
            return "day and month have no certain order like that: write year-month-day, such as 2026-11-23T18:00:00Z";
        }
        if (AFTERNOON.matcher(text).find()) {
            return "a time of day has 24 hours: 6 pm is 18:00";
        }
        if (text.matches("\\d{1,2}:\\d{2}.*")) {
            return "a time of day alone has no date";
        }
        return "a time is a date, a time of day and an offset";
    }
}
