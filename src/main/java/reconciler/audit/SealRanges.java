package reconciler.audit;

import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Finds the stretch of the record that somebody means.
record SealRanges(JdbcClient jdbc) {
    private static final String OF_RUN =
            """
            SELECT min(seal_id) FILTER (WHERE kind = 'run-opened') AS first,
                   max(seal_id) FILTER (WHERE kind = 'run-closed') AS last
              FROM audit.seal
             WHERE run_id = :run
            """;

    /// Every run whose seals may be among those wanted is taken whole.
    private static final String BETWEEN =
            """
            WITH wanted AS (
                SELECT min(seal_id) AS first, max(seal_id) AS last
                  FROM audit.seal
                 WHERE sealed_at >= :from AND sealed_at < :until
            )
            SELECT least(w.first,
                         (SELECT min(o.seal_id)
                            FROM audit.seal o
                           WHERE o.kind = 'run-opened' AND o.seal_id < w.first
                             AND NOT EXISTS (SELECT FROM audit.seal c
                                              WHERE c.run_id = o.run_id AND c.kind = 'run-closed'
                                                AND c.seal_id < w.first))) AS first,
                   w.last
              FROM wanted w
            """;

    private static final String HAS_COME = "SELECT now() >= :moment";

    /// Chunks are sealed a moment after their rows. `audit.demand_exported()` takes the same hour.
    private static final Duration SEALED_AFTER = Duration.ofHours(1);

    private record Ends(@Nullable Long first, @Nullable Long last) {}

    SealRange ofRun(long run) {
        Ends ends =
                jdbc.sql(OF_RUN)
                        .param("run", run)
                        .query((row, _) ->
                                new Ends(
                                        row.getObject("first", Long.class),
                                        row.getObject("last", Long.class)))
                        .single();
        if (ends.first() == null) {
            throw new Refused("there is no run " + run);
        }
        if (ends.last() == null) {
            throw new Refused("run " + run + " is still under way: export it when it has ended");
        }
        return new SealRange("run " + run, ends.first(), ends.last());
    }

    /// Only when all of it is sealed, by the database's clock: a month that was exported may be
    /// dropped.
    SealRange ofMonth(YearMonth month) {
        Instant first = beginning(month);
        Instant whole = beginning(month.plusMonths(1)).plus(SEALED_AFTER);
        if (!hasCome(whole)) {
            throw new Refused(
                    "not all of "
                            + month
                            + " is sealed before "
                            + whole
                            + ": export the month then, or now what there is of it with --from "
                            + first
                            + " --until +0s");
        }
        SealRange range = between(first, whole);
        return new SealRange("audit of " + month, range.from(), range.until());
    }

    private boolean hasCome(Instant moment) {
        return jdbc.sql(HAS_COME)
                .param("moment", moment.atOffset(ZoneOffset.UTC))
                .query(Boolean.class)
                .single();
    }

    private static Instant beginning(YearMonth month) {
        return month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    SealRange between(Instant from, Instant until) {
        if (!from.isBefore(until)) {
            throw new Refused("the range ends before it begins: " + from + " to " + until);
        }
        Ends ends =
                jdbc.sql(BETWEEN)
                        .param("from", from.atOffset(ZoneOffset.UTC))
                        .param("until", until.atOffset(ZoneOffset.UTC))
                        .query((row, _) ->
                                new Ends(
                                        row.getObject("first", Long.class),
                                        row.getObject("last", Long.class)))
                        .single();
        if (ends.first() == null || ends.last() == null) {
            throw new Refused("nothing was sealed from " + from + " to " + until);
        }
        return new SealRange("audit from " + from + " to " + until, ends.first(), ends.last());
    }

    /// The first seal to look at for everything sealed since a moment; beyond the last when nothing
    /// was.
    long since(Instant since) {
        try {
            return between(since, Instant.parse("9999-01-01T00:00:00Z")).from();
        } catch (Refused nothing) {
            return Long.MAX_VALUE;
        }
    }
}
