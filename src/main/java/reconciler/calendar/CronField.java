package reconciler.calendar;

import java.util.List;

/// One of the five fields of a crontab line, in their order.
///
/// @see CronItem for what may stand between two commas of a field
enum CronField {
    MINUTE("minute", 0, 59, ""),
    HOUR("hour", 0, 23, ""),
    DAY_OF_MONTH("day of the month", 1, 31, ""),
    MONTH(
            "month",
            1,
            12,
            "JANUARY FEBRUARY MARCH APRIL MAY JUNE JULY AUGUST SEPTEMBER OCTOBER NOVEMBER DECEMBER"),
    DAY_OF_WEEK(
            "day of the week", 0, 6, "SUNDAY MONDAY TUESDAY WEDNESDAY THURSDAY FRIDAY SATURDAY");

    private static final int SHORT_NAME = 3;

    private final String label;
    private final int least;
    private final int most;
    private final String names;

    CronField(String label, int least, int most, String names) {
        this.label = label;
        this.least = least;
        this.most = most;
        this.names = names;
    }

    int least() {
        return least;
    }

    int most() {
        return most;
    }

    int size() {
        return most - least + 1;
    }

    boolean isDay() {
        return this == DAY_OF_MONTH || this == DAY_OF_WEEK;
    }

    /// @param text in upper case: a number, or a name in full or by its first three letters
    int value(String text) {
        if (text.matches("\\d{1,4}")) {
            int number = Integer.parseInt(text);
            if (this == DAY_OF_WEEK && number == size()) {
                return least; // Sunday has two numbers
            }
            if (number < least || number > most) {
                throw wrong(range() + ", found " + number + hint(number));
            }
            return number;
        }
        List<String> all = names();
        for (int i = 0; i < all.size(); i++) {
            if (text.equals(all.get(i)) || text.equals(brief(all.get(i)))) {
                return least + i;
            }
        }
        throw wrong(range() + ", found " + (text.isEmpty() ? "nothing" : "\"" + text + "\""));
    }

    Unreadable wrong(String reason) {
        return new Unreadable("the " + label + " " + reason);
    }

    private String range() {
        if (names.isEmpty()) {
            return "is a number from " + least + " to " + most;
        }
        return "is a number from "
                + least
                + " to "
                + (this == DAY_OF_WEEK ? most + 1 : most)
                + " or a name from "
                + brief(names().getFirst())
                + " to "
                + brief(names().getLast());
    }

    private String hint(int number) {
        return switch (this) {
            case HOUR -> number == size() ? " (midnight is 0)" : "";
            case MINUTE -> number == size() ? " (the full hour is 0)" : "";
            case DAY_OF_MONTH, MONTH, DAY_OF_WEEK -> "";
        };
    }

    private List<String> names() {
        return names.isEmpty() ? List.of() : List.of(names.split(" "));
    }

    private static String brief(String name) {
        return name.substring(0, SHORT_NAME);
    }
}
