package reconciler.calendar;

import java.time.LocalDateTime;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.support.CronExpression;

/// The local times of a crontab line, without a zone. Two are equal when they were written alike.
///
/// With both days restricted (neither begins with `*`), either is enough, as in crontab; a line
/// like `0 2 1 * MON` fires on the first and on Mondays.
public final class Cron {
    private final String text;
    private final boolean everyHour;
    private final boolean interval;
    private final List<CronExpression> either;

    /// @param everyHour whether it fires in every hour of its days
    /// @param interval whether it fires several times an hour, at a fixed distance
    /// @param either Spring's expressions, one of which is enough
    Cron(String text, boolean everyHour, boolean interval, List<CronExpression> either) {
        this.text = text;
        this.everyHour = everyHour;
        this.interval = interval;
        this.either = List.copyOf(either);
    }

    /// @throws Unreadable with the field, what was expected and what to write instead
    public static Cron parse(String text) {
        return CronReader.read(text);
    }

    /// Whether there is a firing in every hour, so that none is missed when the clock skips an
    /// hour.
    public boolean isEveryHour() {
        return everyHour;
    }

    /// Whether it goes on through an hour that comes twice: it stands for a distance, not for a
    /// time of day.
    public boolean runsThroughRepeatedHours() {
        return everyHour || interval;
    }

    /// The first local time after `moment`; null when there is none.
    public @Nullable LocalDateTime next(LocalDateTime moment) {
        return Stream.of(0, 1)
                .filter(i -> i < either.size())
                .map(i -> either.get(i).next(moment))
                .filter(Objects::nonNull)
                .min(LocalDateTime::compareTo)
                .orElse(null);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Cron cron && text.equals(cron.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /// As it was written.
    @Override
    public String toString() {
        return text;
    }
}
