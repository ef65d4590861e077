package reconciler.cli;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import picocli.CommandLine.Option;

/// Times as people read them: in the zone of this machine, with its offset, to the second; in UTC
/// on demand. Files and JSON have UTC always.
final class Times {
    private static final DateTimeFormatter FORM =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ssXXX", Locale.ROOT);

    private static final DateTimeFormatter EXACT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSXXX", Locale.ROOT);

    private static final DateTimeFormatter TIME_OF_DAY =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    @Option(names = "--utc", description = "Times in UTC. Default: this machine's zone.")
    private boolean utc;

    static Times local() {
        return new Times();
    }

    static Times inUtc() {
        var times = new Times();
        times.utc = true;
        return times;
    }

    /// `2026-11-23 19:00:00+01:00`.
    String of(Instant moment) {
        return FORM.format(moment.truncatedTo(ChronoUnit.SECONDS).atZone(zone()));
    }

    /// `2026-11-23 19:00:00.123+01:00`.
    String exactly(Instant moment) {
        return EXACT.format(moment.atZone(zone()));
    }

    /// `19:00:00`.
    String timeOfDay(Instant moment) {
        return TIME_OF_DAY.format(moment.atZone(zone()));
    }

    private ZoneId zone() {
        return utc ? ZoneOffset.UTC : ZoneId.systemDefault();
    }
}
