package reconciler.calendar;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What stands between two commas of a cron field, in the words of Spring's parser: every value is
/// listed, so that a range may wrap and Sunday may be 7.
record CronItem(CronField field, String text) {
    static final String ANY = "*";

    private static final Pattern STEPPED = Pattern.compile("([^/]*)/([^/]*)");
    private static final Pattern LAST_DAY = Pattern.compile("L(?:-([1-9]|[12]\\d|30))?|LW");
    private static final Pattern WEEKDAY_NEAR = Pattern.compile("(\\d{1,2})W");
    private static final Pattern NTH_OF_MONTH = Pattern.compile("([^#]*)#(.*)");
    private static final Pattern LAST_OF_MONTH = Pattern.compile("(.+)L");

    /// Comma-separated numbers, [#ANY], or one of `L`, `L-3`, `LW`, `15W`, `5L`, `5#2`.
    String canonical() {
        if (text.isEmpty()) {
            throw field.wrong("has nothing between two commas, or at an end of its list");
        }
        refuseStrangers();
        return switch (field) {
            case DAY_OF_MONTH -> dayOfMonth();
            case DAY_OF_WEEK -> dayOfWeek();
            case MINUTE, HOUR, MONTH -> values();
        };
    }

    private void refuseStrangers() {
        if (text.equals("?") && !field.isDay()) {
            throw field.wrong("cannot be ?: only a day can; write *");
        }
        if (text.startsWith("H") && text.matches("H(\\(.*\\))?(/\\d+)?")) {
            throw field.wrong("is H, which only Jenkins reads: write a number");
        }
        if (text.contains("~")) {
            throw field.wrong("has a random range (~), which is not read: write a number");
        }
        if (text.matches(".*[\\u2010-\\u2015\\u2212].*")) {
            throw field.wrong("has a dash that is not the hyphen -: write 1-5");
        }
        if (!field.isDay() && text.matches("L|LW|L-\\d+|\\d+[LW]|[^#]+#\\d+")) {
            throw field.wrong("cannot have L, W or #: only a day can");
        }
    }

    private String dayOfMonth() {
        if (text.equals("?")) {
            return ANY;
        }
        if (LAST_DAY.matcher(text).matches()) {
            return text;
        }
        Matcher near = WEEKDAY_NEAR.matcher(text);
        if (near.matches()) {
            return field.value(near.group(1)) + "W";
        }
        if (text.indexOf('#') >= 0 || text.matches("[A-Z]{3,9}L|\\d+L")) {
            throw field.wrong(
                    "cannot have # or a day before L: FRI#2 and 5L are days of the week, the fifth field");
        }
        if (text.startsWith("L") || text.endsWith("W")) {
            throw field.wrong("is L, L-1 to L-30, LW or a number with W, such as 15W");
        }
        return values();
    }

    private String dayOfWeek() {
        if (text.equals("?")) {
            return ANY;
        }
        if (text.equals("L")) {
            throw field.wrong(
                    "cannot be L alone: write SAT for every Saturday, or 5L for the last Friday of the month");
        }
        if (text.matches("LW|L-\\d+|\\d+W")) {
            throw field.wrong(
                    "cannot have W or a bare L: they are days of the month, the third field");
        }
        Matcher nth = NTH_OF_MONTH.matcher(text);
        if (nth.matches()) {
            int day = field.value(nth.group(1));
            if (!nth.group(2).matches("[1-5]")) {
                throw field.wrong("comes one to five times in a month: write FRI#1 to FRI#5");
            }
            return day + "#" + nth.group(2);
        }
        Matcher last = LAST_OF_MONTH.matcher(text);
        if (last.matches() && !text.contains("-") && !text.contains("/")) {
            return field.value(last.group(1)) + "L";
        }
        return values();
    }

    private String values() {
        Matcher stepped = STEPPED.matcher(text);
        if (stepped.matches()) {
            return values(stepped.group(1), step(stepped.group(2)), true);
        }
        return values(text, 1, false);
    }

    private int step(String step) {
        if (!step.matches("\\d{1,4}") || Integer.parseInt(step) == 0) {
            throw field.wrong("has a step that is no number from 1 up: write */5");
        }
        int number = Integer.parseInt(step);
        if (number >= field.size() && number > 1) {
            throw field.wrong(
                    "has a step of "
                            + number
                            + ", which begins anew before it ends: a step is at most "
                            + (field.size() - 1));
        }
        return number;
    }

    private String values(String range, int step, boolean stepped) {
        if (range.isEmpty()) {
            throw field.wrong("has a step without a range: write */" + step);
        }
        if (range.equals("*") || (range.equals("?") && field.isDay())) {
            return step == 1 ? ANY : list(field.least(), field.size(), step);
        }
        int hyphen = range.indexOf('-');
        if (hyphen < 0) {
            int from = field.value(range);
            return list(from, stepped ? field.most() - from + 1 : 1, step);
        }
        if (hyphen == 0) {
            throw field.wrong("has a negative number, or a range without its begin");
        }
        int from = field.value(range.substring(0, hyphen));
        int to = field.value(range.substring(hyphen + 1));
        if (from == to && !range.substring(0, hyphen).equals(range.substring(hyphen + 1))) {
            return list(from, field.size(), step); // 0-7: from Sunday to Sunday
        }
        if (to < from && step > 1 && field == CronField.DAY_OF_MONTH) {
            throw field.wrong(
                    "has a step over the end of the month, which has no fixed length: list the days");
        }
        return list(from, Math.floorMod(to - from, field.size()) + 1, step);
    }

    /// Past the greatest value goes on at the least one.
    private String list(int from, int length, int step) {
        return IntStream.iterate(0, i -> i < length, i -> i + step)
                .map(i -> field.least() + Math.floorMod(from + i - field.least(), field.size()))
                .sorted()
                .mapToObj(String::valueOf)
                .collect(Collectors.joining(","));
    }
}
