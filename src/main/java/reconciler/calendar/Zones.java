package reconciler.calendar;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Zones by the names that people write.
public final class Zones {
    /// In the tz database these are places without daylight saving; whoever writes them means
    /// others.
    private static final Set<String> ABBREVIATIONS = Set.of("EST", "MST", "HST");

    private Zones() {}

    /// @throws Unreadable with the nearest name, or an example
    public static ZoneId parse(String text) {
        if (ABBREVIATIONS.contains(text)) {
            throw new Unreadable(
                    text
                            + " has no daylight saving: name a place, such as America/New_York, or an offset, such as -05:00");
        }
        try {
            return ZoneId.of(text);
        } catch (DateTimeException _) {
            throw new Unreadable(
                    "expected a time zone such as America/New_York or UTC"
                            + nearest(text).map(name -> ", did you mean " + name + "?").orElse(""));
        }
    }

    private static Optional<String> nearest(String text) {
        String wanted = canonical(text);
        return ZoneId.getAvailableZoneIds().stream()
                .filter(name ->
                        canonical(name).equals(wanted) || canonical(name).endsWith("/" + wanted))
                .filter(name -> !ABBREVIATIONS.contains(name))
                .sorted()
                .findFirst();
    }

    private static String canonical(String name) {
        return name.strip().toLowerCase(Locale.ROOT).replace(' ', '_');
    }
}
