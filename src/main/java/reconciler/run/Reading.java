package reconciler.run;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reconciler.change.ParticipantRole;
import reconciler.outcome.Backoff;
import reconciler.queue.ApprovalRule;

/// What the text of one value stands for.
///
/// @param expected how a right value looks, for the message about a wrong one
/// @param parse null for a text that is not one; may throw [reconciler.calendar.Unreadable] with a
///   reason that says more
record Reading<T>(String expected, Function<String, @Nullable T> parse) {
    private static final Pattern DURATION_FORM = Pattern.compile("(\\d{1,9})(ms|s|m|h)");
    private static final Pattern SHARE_FORM = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,4})?)%");

    static final Reading<Duration> DURATION =
            new Reading<>("a duration such as 200ms, 10s, 3m or 1h", Reading::duration);
    static final Reading<Backoff> BACKOFF =
            new Reading<>("two pauses, the shorter one first, such as 200ms..5s", Reading::backoff);
    static final Reading<Share> SHARE =
            new Reading<>("a percentage from 0% to 100%, such as 5%", Reading::share);
    static final Reading<Integer> PARTITIONS =
            new Reading<>(
                    "auto or a whole number from 1 to 1024",
                    text ->
                            text.equals("auto")
                                    ? Integer.valueOf(JobFile.Partitioning.AUTO)
                                    : number(text, 1, 1024));
    static final Reading<Boolean> SWITCH = new Reading<>("true or false", Reading::onOff);
    static final Reading<ParticipantRole> ROLE =
            new Reading<>(
                    "a role such as contact or agent, in lower case",
                    text -> ParticipantRole.isWellFormed(text) ? new ParticipantRole(text) : null);

    static final Reading<ApprovalRule> APPROVAL =
            new Reading<>("none, required, or above-rows and attributes", Reading::approval);
    static final Reading<String> ATTRIBUTE =
            new Reading<>(
                    "the name of an attribute",
                    text -> text.isBlank() || text.length() > 256 ? null : text);

    static Reading<Integer> wholeNumber(int least, int most) {
        return new Reading<>(
                "a whole number from " + least + " to " + most, text -> number(text, least, most));
    }

    static Reading<Duration> duration(Duration least, Duration most) {
        return new Reading<>(
                "a duration from " + brief(least) + " to " + brief(most) + ", such as 10s",
                text -> {
                    Duration duration = duration(text);
                    return duration == null
                                    || duration.compareTo(least) < 0
                                    || duration.compareTo(most) > 0
                            ? null
                            : duration;
                });
    }

    static Reading<String> exactly(String only, String reason) {
        return new Reading<>(
                "\"" + only + "\", " + reason, text -> text.equals(only) ? text : null);
    }

    /// The constants' names in lower case, with `-` for `_`.
    static <E extends Enum<E>> Reading<E> oneOf(Class<E> type) {
        return new Reading<>(
                Arrays.stream(type.getEnumConstants())
                        .map(Reading::label)
                        .collect(Collectors.joining(" or ")),
                text ->
                        Arrays.stream(type.getEnumConstants())
                                .filter(constant -> label(constant).equals(text))
                                .findFirst()
                                .orElse(null));
    }

    private static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static @Nullable Integer number(String text, int least, int most) {
        if (!text.matches("\\d{1,9}")) {
            return null;
        }
        int number = Integer.parseInt(text);
        return number < least || number > most ? null : number;
    }

    private static @Nullable Duration duration(String text) {
        Matcher form = DURATION_FORM.matcher(text);
        if (!form.matches()) {
            return null;
        }
        long amount = Long.parseLong(form.group(1));
        return switch (form.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
        };
    }

    private static String brief(Duration duration) {
        return duration.compareTo(Duration.ofSeconds(1)) < 0
                ? duration.toMillis() + "ms"
                : duration.toString().substring(2).toLowerCase(Locale.ROOT);
    }

    private static @Nullable Backoff backoff(String text) {
        String[] ends = text.split("\\.\\.", 2);
        Duration first = duration(ends[0].strip());
        Duration most = ends.length == 2 ? duration(ends[1].strip()) : null;
        return first == null || most == null || first.isZero() || most.compareTo(first) < 0
                ? null
                : new Backoff(first, most);
    }

    private static @Nullable Share share(String text) {
        Matcher form = SHARE_FORM.matcher(text);
        if (!form.matches() || Double.parseDouble(form.group(1)) > 100) {
            return null;
        }
        return Share.ofPercent(form.group(1));
    }

    private static @Nullable ApprovalRule approval(String text) {
        return switch (text) {
            case "none" -> new ApprovalRule.None();
            case "required" -> new ApprovalRule.Required();
            default -> null;
        };
    }

    private static @Nullable Boolean onOff(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> null;
        };
    }
}
