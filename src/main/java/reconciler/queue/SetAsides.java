package reconciler.queue;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.change.ChangeState;
import reconciler.change.Participant;

/// Rows that were set aside. Nobody claims them; older changes to the same attribute wait with
/// them, newer ones go on.
public final class SetAsides {
    /// Whether the row that a statement calls `c` is neither set aside nor older than one that is.
    /// Mostly none is, which is asked once a statement.
    static final String NONE_AHEAD =
            """
            (NOT EXISTS (SELECT FROM reconciler.set_aside)
             OR (SELECT true FROM reconciler.set_aside x
                  WHERE x.participant_id = c.participant_id AND x.conversation_id = c.conversation_id
                    AND x.attribute_name = c.attribute_name AND x.change_id >= c.id
                  LIMIT 1) IS NULL)
            """;

    /// Whether the row that a statement calls `c` is not set aside itself.
    static final String NOT_ITSELF =
            """
            (NOT EXISTS (SELECT FROM reconciler.set_aside)
             OR (SELECT true FROM reconciler.set_aside x WHERE x.change_id = c.id LIMIT 1) IS NULL)
            """;

    private static final String ADD =
            """
            INSERT INTO reconciler.set_aside (change_id, conversation_id, participant_id, attribute_name, reason, sent)
            SELECT * FROM unnest(:ids::bigint[], :conversations::uuid[], :participants::uuid[], :names::text[], :reasons::text[],
                                 :sent::boolean[])
            ON CONFLICT (change_id) DO NOTHING
            """;

    private static final String PUT_BACK =
            """
            UPDATE reconciler.attribute_change c
               SET state = 'PENDING', claim = NULL, in_doubt = c.in_doubt OR x.sent
              FROM reconciler.set_aside x
             WHERE x.change_id = :id AND c.id = x.change_id AND c.state = 'IN_FLIGHT'
            """;

    private static final String SELECT =
            """
            SELECT x.change_id, x.conversation_id, x.participant_id, x.attribute_name, x.reason, x.sent, x.since,
                   (SELECT c.state FROM reconciler.attribute_change c WHERE c.id = x.change_id) AS state,
                   (SELECT max(o.status) FROM (SELECT o.status
                                                 FROM audit.outcome o
                                                WHERE o.change_id >= x.change_id AND o.change_id <= x.change_id
                                               OFFSET 0) AS o) AS outcome,
                   -- By the participant; the greatest id alone would be looked for from the newest outcome of all.
                   (SELECT max(n.change_id) FROM (SELECT n.change_id
                                                    FROM audit.outcome n
                                                   WHERE n.participant_id >= x.participant_id AND n.participant_id <= x.participant_id
                                                     AND n.conversation_id = x.conversation_id
                                                     AND n.attribute_name = x.attribute_name
                                                     AND n.status IN ('APPLIED', 'UNCHANGED')
                                                  OFFSET 0) AS n
                     WHERE n.change_id > x.change_id) AS overtaken_by
              FROM reconciler.set_aside x
            """;

    private static final String FIRST = SELECT + " ORDER BY x.change_id LIMIT :most";

    private static final String ONE = SELECT + " WHERE x.change_id = :id";

    private static final String COUNT = "SELECT count(*) FROM reconciler.set_aside";

    private static final String HELD_SINCE =
            """
            SELECT count(*) + coalesce(sum(b.rows), 0)
              FROM reconciler.set_aside x
             CROSS JOIN LATERAL (
                   SELECT count(*) AS rows
                     FROM reconciler.waiting_for(x.conversation_id, x.participant_id, x.attribute_name) AS c
                    WHERE c.id < x.change_id
                   OFFSET 0) AS b
             WHERE x.since >= :since
            """;

    private static final String REMOVE = "DELETE FROM reconciler.set_aside WHERE change_id = :id";

    private static final String CLOSE =
            """
            UPDATE reconciler.attribute_change c
               SET state = o.status, claim = NULL, settled_at = o.occurred_at
              FROM (SELECT o.status, o.occurred_at
                      FROM audit.outcome o
                     WHERE o.change_id >= :id AND o.change_id <= :id
                    OFFSET 0) AS o
             WHERE c.id = :id AND c.settled_at IS NULL
            """;

    private static final String WITH_OUTCOME =
            """
            SELECT k.change_id, k.outcome_id,
                   (SELECT max(o.status) FROM (SELECT o.status
                                                 FROM audit.outcome o
                                                WHERE o.change_id >= k.change_id AND o.change_id <= k.change_id
                                               OFFSET 0) AS o) AS status
              FROM unnest(:ids::bigint[]) AS i (id)
             CROSS JOIN LATERAL (SELECT k.change_id, k.outcome_id FROM audit.outcome_key k WHERE k.change_id = i.id
                                 OFFSET 0) AS k
            """;

    private final JdbcClient jdbc;
    private final Savepoints savepoints;

    public SetAsides(DataSource dataSource) {
        jdbc = JdbcClient.create(dataSource);
        savepoints = new Savepoints(dataSource);
    }

    /// @param state null: the row is gone
    /// @param outcome the status of an outcome that is on record for it; null without one
    /// @param overtakenBy a newer change to the same attribute that is in force; null without one
    public record Held(
            long change,
            Participant participant,
            String attribute,
            String reason,
            boolean sent,
            Instant since,
            @Nullable ChangeState state,
            @Nullable ChangeState outcome,
            @Nullable Long overtakenBy) {}

    /// Sets rows aside, in the caller's transaction; what is in flight of them goes back, where
    /// that is possible.
    public void add(Collection<SetAside> rows) {
        List<SetAside> all = List.copyOf(rows);
        jdbc.sql(ADD)
                .param("ids", column(all, row -> row.change().id(), Long[]::new))
                .param(
                        "conversations",
                        column(
                                all,
                                row -> row.change().participant().conversationId().toString(),
                                String[]::new))
                .param(
                        "participants",
                        column(
                                all,
                                row -> row.change().participant().participantId().toString(),
                                String[]::new))
                .param("names", column(all, row -> row.change().name(), String[]::new))
                .param("reasons", column(all, SetAside::reason, String[]::new))
                .param("sent", column(all, SetAside::sent, Boolean[]::new))
                .update();
        for (SetAside row : all) {
            RuntimeException failure = savepoints.attempt(() -> putBack(row.change().id()));
            if (failure != null && !RowFault.isPossible(failure)) {
                throw failure;
            }
        }
    }

    /// The first of them.
    public List<Held> first(int most) {
        return jdbc.sql(FIRST).param("most", most).query((row, _) -> held(row)).list();
    }

    /// Null when the change is not set aside.
    public @Nullable Held of(long change) {
        return jdbc.sql(ONE)
                .param("id", change)
                .query((row, _) -> held(row))
                .optional()
                .orElse(null);
    }

    public long count() {
        return jdbc.sql(COUNT).query(Long.class).single();
    }

    /// Rows that were set aside since a moment of the database's clock, and those that wait with
    /// them.
    public long heldSince(Instant moment) {
        return jdbc.sql(HELD_SINCE)
                .param("since", Moments.timestamp(moment))
                .query(Long.class)
                .single();
    }

    /// Which of these changes have an outcome on record already, in words. A row that somebody put
    /// back is among them, and one whose outcome was forged: neither is to be sent.
    public Map<Long, String> withOutcome(Collection<Long> changes) {
        var found = new HashMap<Long, String>();
        jdbc.sql(WITH_OUTCOME)
                .param("ids", changes.toArray(Long[]::new))
                .query(row -> {
                    found.put(
                            row.getLong("change_id"),
                            "an outcome of it is on record already: outcome "
                                    + row.getLong("outcome_id")
                                    + (row.getString("status") == null
                                            ? ", whose month was let go"
                                            : ", " + row.getString("status")));
                });
        return found;
    }

    /// Lets a row go, in the caller's transaction: it waits as before, in doubt when it may have
    /// been sent.
    public void letGo(long change) {
        putBack(change);
        remove(change);
    }

    /// Gives a row the state of the outcome that is on record for it, in the caller's transaction.
    public void close(long change) {
        jdbc.sql(CLOSE).param("id", change).update();
        remove(change);
    }

    private void putBack(long change) {
        jdbc.sql(PUT_BACK).param("id", change).update();
    }

    private void remove(long change) {
        jdbc.sql(REMOVE).param("id", change).update();
    }

    private static Held held(ResultSet row) throws SQLException {
        return new Held(
                row.getLong("change_id"),
                new Participant(
                        row.getObject("conversation_id", UUID.class),
                        row.getObject("participant_id", UUID.class)),
                row.getString("attribute_name"),
                row.getString("reason"),
                row.getBoolean("sent"),
                Moments.instant(row, "since"),
                state(row.getString("state")),
                state(row.getString("outcome")),
                row.getObject("overtaken_by", Long.class));
    }

    private static @Nullable ChangeState state(@Nullable String name) {
        return name == null ? null : ChangeState.valueOf(name);
    }

    private static <T> T[] column(
            List<SetAside> rows, Function<SetAside, T> value, IntFunction<T[]> array) {
        return rows.stream().map(value).toArray(array);
    }
}
