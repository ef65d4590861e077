package reconciler.audit;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Questions about what people did apart from runs; changes nothing.
public final class EventView {
    private static final String ABOUT =
            """
            SELECT occurred_at, actor, database_user, action, object, reason, detail
              FROM (SELECT DISTINCT o FROM unnest(:objects::text[]) AS o) AS objects (name)
             CROSS JOIN LATERAL (SELECT v.event_id, v.occurred_at, v.actor, v.database_user, v.action, v.object, v.reason, v.detail
                                   FROM audit.v_event v
                                  WHERE v.object >= objects.name AND v.object <= objects.name
                                 OFFSET 0) AS e
             ORDER BY event_id
            """;

    private static final String PLAN =
            """
            SELECT split_part(detail, ' ', 2) AS plan
              FROM unnest(ARRAY[:object::text]) AS objects (name)
             CROSS JOIN LATERAL (SELECT v.detail, v.action
                                   FROM audit.v_event v
                                  WHERE v.object >= objects.name AND v.object <= objects.name
                                 OFFSET 0) AS e
             WHERE action = :action
            """;

    private final JdbcClient jdbc;

    public EventView(DataSource dataSource) {
        jdbc = JdbcClient.create(dataSource);
    }

    /// One event.
    ///
    /// @param actor who did it, by their own word; `databaseUser` by the database's
    /// @param object such as `change set 7`, `change 4711`, `run 12`
    public record EventRow(
            Instant occurredAt,
            String actor,
            String databaseUser,
            String action,
            String object,
            @Nullable String reason,
            @Nullable String detail) {}

    /// What was done to any of these, in order.
    public List<EventRow> about(Collection<String> objects) {
        return jdbc.sql(ABOUT)
                .param("objects", objects.toArray(String[]::new))
                .query((row, _) ->
                        new EventRow(
                                row.getObject("occurred_at", OffsetDateTime.class).toInstant(),
                                row.getString("actor"),
                                row.getString("database_user"),
                                row.getString("action"),
                                row.getString("object"),
                                row.getString("reason"),
                                row.getString("detail")))
                .list();
    }

    /// The name of the plan that a run applied, such as `p_12`; null when it took whatever was due.
    public @Nullable String planOf(long run) {
        return jdbc.sql(PLAN)
                .param("object", Event.ofRun(run))
                .param("action", Event.APPLIED_A_PLAN)
                .query(String.class)
                .optional()
                .orElse(null);
    }
}
