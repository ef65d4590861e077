package reconciler.audit;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What was removed rightly: by events that say so, and are sealed themselves.
final class Removals {
    /// A chunk's rows are at most this much older than its seal.
    private static final Duration CHUNK = Duration.ofHours(1);

    private static final String EVENTS =
            """
            SELECT object, max(occurred_at) AS last
              FROM audit.event
             WHERE action IN ('erased', 'dropped')
             GROUP BY object
            """;

    private static final String MISSING =
            """
            SELECT k.outcome_id, k.change_id
              FROM audit.outcome_key k
             WHERE NOT EXISTS (SELECT FROM audit.outcome o WHERE o.change_id = k.change_id)
             ORDER BY k.outcome_id
             LIMIT 5
            """;

    private final JdbcClient jdbc;

    /// When it was done, the last time.
    private final Map<String, Instant> objects;

    private boolean told;

    private Removals(JdbcClient jdbc, Map<String, Instant> objects) {
        this.jdbc = jdbc;
        this.objects = objects;
    }

    static Removals read(JdbcClient jdbc) {
        Map<String, Instant> objects = new HashMap<>();
        jdbc.sql(EVENTS)
                .query(row -> {
                    objects.put(
                            row.getString("object"),
                            row.getObject("last", OffsetDateTime.class).toInstant());
                });
        return new Removals(jdbc, objects);
    }

    /// Whether months were dropped that rows under this seal may have been in.
    boolean covers(String kind, SealedRow seal) {
        Instant sealed = seal.instant("sealed_at");
        String table = kind.substring(0, kind.length() - 1);
        return dropped(table, sealed) || dropped(table, sealed.minus(CHUNK));
    }

    boolean coversValueOf(SealedRow outcome) {
        Instant occurred = outcome.instant("occurred_at");
        Instant erased = objects.get("participant " + outcome.text("participant_id"));
        return (erased != null && !occurred.isAfter(erased)) || dropped("value", occurred);
    }

    /// Names of outcomes whose keys are there and who are not; told once.
    String missing(String kind) {
        if (told || !kind.equals("outcomes")) {
            return "";
        }
        told = true;
        List<String> names =
                jdbc.sql(MISSING)
                        .query((row, _) ->
                                "outcome " + row.getLong(1) + " (change " + row.getLong(2) + ")")
                        .list();
        return names.isEmpty() ? "" : "; gone: " + String.join(", ", names);
    }

    private boolean dropped(String table, Instant moment) {
        return objects.containsKey(
                "audit." + table + " of " + YearMonth.from(moment.atOffset(ZoneOffset.UTC)));
    }
}
