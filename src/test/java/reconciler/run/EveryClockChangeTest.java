package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import reconciler.calendar.Cron;
import reconciler.calendar.Window;

/// Every change of the clock in every zone of the tz database, 2000 to 2040, against the definition
/// of what has to fire, worked out minute by minute and day by day.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class EveryClockChangeTest {
    private static final Instant FIRST = Instant.parse("2000-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("2041-01-01T00:00:00Z");

    /// Looked at on either side of a change, besides what it skips or repeats.
    private static final Duration AROUND = Duration.ofHours(5);

    /// Schedules of times of day, and their times.
    private static final Map<String, List<LocalTime>> TIMES_OF_DAY =
            Map.of(
                    "0 0 * * *", times("00:00"),
                    "30 0 * * *", times("00:30"),
                    "30 1 * * *", times("01:30"),
                    "0 2 * * *", times("02:00"),
                    "15,45 2 * * *", times("02:15", "02:45"),
                    "59 23-1 * * *", times("23:59", "00:59", "01:59"),
                    "0 */2 * * *",
                            times(
                                    "00:00", "02:00", "04:00", "06:00", "08:00", "10:00", "12:00",
                                    "14:00", "16:00", "18:00", "20:00", "22:00"));

    /// Schedules of distances, and their minutes.
    private static final Map<String, List<Integer>> DISTANCES =
            Map.of(
                    "10 * * * *", List.of(10),
                    "*/20 * * * *", List.of(0, 20, 40));

    private record Change(ZoneId zone, ZoneOffsetTransition transition) {
        Instant begin() {
            return transition.getInstant().minus(AROUND).minus(transition.getDuration().abs());
        }

        Instant end() {
            return transition.getInstant().plus(AROUND).plus(transition.getDuration().abs());
        }
    }

    @Test
    void a_time_of_day_fires_once_on_every_day() {
        for (Change change : changes()) {
            TIMES_OF_DAY.forEach((cron, times) ->
                    assertThat(firings(schedule(cron, change.zone(), null), change))
                            .as("%s in %s", cron, change)
                            .containsExactlyElementsOf(expected(times, change)));
        }
    }

    @Test
    void a_distance_fires_whenever_the_clock_shows_its_minute() {
        for (Change change : changes()) {
            DISTANCES.forEach((cron, minutes) ->
                    assertThat(firings(schedule(cron, change.zone(), null), change))
                            .as("%s in %s", cron, change)
                            .containsExactlyElementsOf(shown(minutes, change)));
        }
    }

    @Test
    void nothing_fires_outside_the_window_and_nothing_inside_it_is_lost() {
        for (Change change : shapes()) {
            for (String text : List.of("22:00-02:30", "01:30-03:00", "00:15-00:45")) {
                Window window = Window.parse(text);
                for (String cron :
                        List.of("30 1 * * *", "15,45 2 * * *", "*/20 * * * *", "30 0 * * *")) {
                    List<Instant> windowed = firings(schedule(cron, change.zone(), window), change);
                    List<Instant> inside =
                            firings(schedule(cron, change.zone(), null), change).stream()
                                    .filter(firing ->
                                            isScheduledInside(cron, firing, window, change))
                                    .filter(firing -> window.isOpenAt(firing, change.zone()))
                                    .toList();
                    assertThat(windowed)
                            .as("%s within %s in %s", cron, text, change)
                            .allMatch(firing -> window.isOpenAt(firing, change.zone()))
                            .containsAll(inside)
                            .hasSizeLessThanOrEqualTo(inside.size() + 1);
                }
            }
        }
    }

    /// What a gap moved to its end was scheduled inside the gap.
    private static boolean isScheduledInside(
            String cron, Instant firing, Window window, Change change) {
        LocalDateTime shown = firing.atZone(change.zone()).toLocalDateTime();
        if (!firing.equals(change.transition().getInstant()) || !change.transition().isGap()) {
            return window.contains(shown.toLocalTime());
        }
        @Nullable LocalDateTime next =
                Cron.parse(cron).next(change.transition().getDateTimeBefore().minusNanos(1));
        while (next != null && !next.isAfter(change.transition().getDateTimeAfter())) {
            if (window.contains(next.toLocalTime())) {
                return true;
            }
            next = Cron.parse(cron).next(next);
        }
        return false;
    }

    /// Each local time of each local day: at its first instant, or at the end of the gap it lies
    /// in.
    private static TreeSet<Instant> expected(List<LocalTime> times, Change change) {
        ZoneRules rules = change.zone().getRules();
        var expected = new TreeSet<Instant>();
        LocalDate first = change.begin().atOffset(ZoneOffset.UTC).toLocalDate().minusDays(2);
        for (int day = 0; day < 8; day++) {
            for (LocalTime time : times) {
                LocalDateTime local = first.plusDays(day).atTime(time);
                @Nullable ZoneOffsetTransition transition = rules.getTransition(local);
                expected.add(
                        transition != null && transition.isGap()
                                ? transition.getInstant()
                                : local.atZone(change.zone())
                                        .withEarlierOffsetAtOverlap()
                                        .toInstant());
            }
        }
        return new TreeSet<>(expected.subSet(change.begin(), false, change.end(), true));
    }

    /// Minute by minute.
    private static List<Instant> shown(List<Integer> minutes, Change change) {
        var shown = new ArrayList<Instant>();
        Instant moment = change.begin().plusSeconds(60);
        while (!moment.isAfter(change.end())) {
            if (minutes.contains(moment.atZone(change.zone()).getMinute())) {
                shown.add(moment);
            }
            moment = moment.plusSeconds(60);
        }
        return shown;
    }

    private static List<Instant> firings(Schedule schedule, Change change) {
        var firings = new ArrayList<Instant>();
        @Nullable Instant next = schedule.nextAfter(change.begin());
        while (next != null && !next.isAfter(change.end())) {
            assertThat(firings.isEmpty() || next.isAfter(firings.getLast())).isTrue();
            firings.add(next);
            next = schedule.nextAfter(next);
        }
        return firings;
    }

    private static Schedule schedule(String cron, ZoneId zone, @Nullable Window window) {
        return new Schedule(Cron.parse(cron), zone, window, Schedule.Misfire.RUN_ONCE);
    }

    /// Zones that share their rules are looked at once.
    private static List<Change> changes() {
        Map<ZoneRules, ZoneId> zones = new LinkedHashMap<>();
        ZoneId.getAvailableZoneIds().stream()
                .sorted()
                .map(ZoneId::of)
                .forEach(zone -> zones.putIfAbsent(zone.getRules(), zone));
        var changes = new ArrayList<Change>();
        zones.forEach((rules, zone) -> {
            @Nullable ZoneOffsetTransition next = rules.nextTransition(FIRST);
            while (next != null && next.getInstant().isBefore(LAST)) {
                changes.add(new Change(zone, next));
                next = rules.nextTransition(next.getInstant());
            }
        });
        assertThat(changes).hasSizeGreaterThan(5_000);
        return changes;
    }

    /// One change of each kind: the time of day, by how much, and where from.
    private static Collection<Change> shapes() {
        Map<List<Object>, Change> shapes = new LinkedHashMap<>();
        changes()
                .forEach(change ->
                        shapes.putIfAbsent(
                                List.of(
                                        change.transition().getDateTimeBefore().toLocalTime(),
                                        change.transition().getDuration(),
                                        change.transition().getOffsetBefore()),
                                change));
        return shapes.values();
    }

    private static List<LocalTime> times(String... times) {
        return Arrays.stream(times).map(LocalTime::parse).toList();
    }
}
