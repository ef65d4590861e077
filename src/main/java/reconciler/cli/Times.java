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

    @Option(names = "--utc", description = "Times in UTC. Default: this machine's zone.")
    private boolean utc;

    static Times local() {
        return new Times();
    }

    String of(Instant moment) {
        return FORM.format(
                moment.truncatedTo(ChronoUnit.SECONDS)
                        .atZone(utc ? ZoneOffset.UTC : ZoneId.systemDefault()));
    }
}
