package reconciler.calendar;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.scheduling.support.CronExpression;

/// Reads a crontab's five fields or one of its nicknames. The fields are ours, since Spring's
/// parser refuses ranges that wrap and names no reason; the search for the next time is Spring's.
final class CronReader {
    private static final Map<String, String> NICKNAMES =
            Map.of(
                    "@hourly", "0 * * * *",
                    "@daily", "0 0 * * *",
                    "@midnight", "0 0 * * *",
                    "@weekly", "0 0 * * 0",
                    "@monthly", "0 0 1 * *",
                    "@yearly", "0 0 1 1 *",
                    "@annually", "0 0 1 1 *");

    private static final String FORM =
            "five fields (minute hour day-of-month month day-of-week), such as \"0 2 * * *\"";

    private CronReader() {}

    static Cron read(String text) {
        String line = text.strip();
        if (line.startsWith("@")) {
            return read(line, nickname(line));
        }
        return read(line, line);
    }

    private static String nickname(String line) {
        String name = line.toLowerCase(Locale.ROOT);
        String fields = NICKNAMES.get(name);
        if (fields != null) {
            return fields;
        }
        if (name.equals("@reboot")) {
            throw new Unreadable(
                    "@reboot is no time: `serve` runs after its start what it missed (misfire: run-once);"
                            + " to run at every start of the machine, let systemd or cron call `reconciler run`");
        }
        if (name.startsWith("@every")) {
            throw new Unreadable(
                    "@every is not read: write the minutes, such as \"*/15 * * * *\", or the hours, such as \"0 */2 * * *\"");
        }
        throw new Unreadable(
                "there is no such nickname; there are "
                        + NICKNAMES.keySet().stream().sorted().collect(Collectors.joining(", ")));
    }

    private static Cron read(String written, String line) {
        Map<CronField, String> texts = byField(fields(line));
        var fields = new EnumMap<CronField, String>(CronField.class);
        texts.forEach((field, text) -> fields.put(field, canonical(field, text)));
        return new Cron(
                written,
                isEveryHour(of(fields, CronField.HOUR)),
                isInterval(of(texts, CronField.MINUTE)),
                either(texts, fields));
    }

    private static Map<CronField, String> byField(List<String> texts) {
        var fields = new EnumMap<CronField, String>(CronField.class);
        Iterator<String> text = texts.iterator();
        for (CronField field : CronField.values()) {
            fields.put(field, text.next());
        }
        return fields;
    }

    private static String of(Map<CronField, String> texts, CronField field) {
        return Objects.requireNonNull(texts.get(field));
    }

    private static List<String> fields(String line) {
        if (line.isEmpty()) {
            throw new Unreadable("expected " + FORM + ", found nothing");
        }
        if (line.matches("(?i)(CRON_)?TZ\\s*=.*")) {
            throw new Unreadable("the zone has a key of its own, `zone`: take it out here");
        }
        List<String> fields =
                Arrays.asList(line.toUpperCase(Locale.ROOT).split("[\\s\\p{Z}]+", -1));
        int count = fields.size();
        if (count == CronField.values().length) {
            return fields;
        }
        if (count < CronField.values().length) {
            throw new Unreadable("expected " + FORM + ", found " + count);
        }
        throw new Unreadable("expected " + FORM + ", found " + count + tooMany(fields));
    }

    private static String tooMany(List<String> fields) {
        if (fields.stream()
                        .limit(7)
                        .allMatch(field -> field.matches("[\\d*?,/#LW-]+|[A-Z,#-]{1,20}"))
                && fields.size() <= 7) {
            return fields.get(0).equals("0")
                    ? ": leave out the first one, the seconds of Quartz and Spring"
                            + (fields.size() == 7 ? ", and the last one, the year" : "")
                    : ": there are no seconds (the first field of Quartz and Spring) and no years (the last one of"
                            + " AWS): leave them out";
        }
        return ": a user or a command of a crontab does not belong here";
    }

    private static String canonical(CronField field, String text) {
        List<String> items =
                Arrays.stream(text.split(",", -1))
                        .map(item -> new CronItem(field, item).canonical())
                        .toList();
        return items.contains(CronItem.ANY) ? CronItem.ANY : String.join(",", items);
    }

    private static boolean isEveryHour(String hours) {
        return hours.equals(CronItem.ANY)
                || Arrays.stream(hours.split(",")).distinct().count() == CronField.HOUR.size();
    }

    /// What ISC cron calls a wildcard job: the minutes are a distance.
    private static boolean isInterval(String minutes) {
        return minutes.contains("*") || minutes.contains("/");
    }

    private static List<CronExpression> either(
            Map<CronField, String> texts, Map<CronField, String> fields) {
        if (!isRestricted(of(texts, CronField.DAY_OF_MONTH))
                || !isRestricted(of(texts, CronField.DAY_OF_WEEK))) {
            return List.of(expression(fields));
        }
        return Stream.of(CronField.DAY_OF_WEEK, CronField.DAY_OF_MONTH)
                .map(free -> {
                    var one = new EnumMap<>(fields);
                    one.put(free, CronItem.ANY);
                    return expression(one);
                })
                .toList();
    }

    /// As crontab looks at it: a step such as `*/2` does not count.
    private static boolean isRestricted(String day) {
        return !day.startsWith("*") && !day.startsWith("?");
    }

    private static CronExpression expression(Map<CronField, String> fields) {
        return CronExpression.parse("0 " + String.join(" ", fields.values()));
    }
}
