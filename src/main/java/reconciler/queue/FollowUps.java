package reconciler.queue;

import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Change sets that follow from what became of earlier changes. Their values come from the audit
/// and never pass through here. Joins the caller's transaction.
public final class FollowUps {
    private static final String LOCK =
            "SELECT id FROM reconciler.change_set WHERE id = :set FOR UPDATE";

    private static final String NEW_SET =
            """
            INSERT INTO reconciler.change_set (requested_by, reason, source_name, rows_queued, undoes)
            VALUES (:by, :reason, :source, :rows, :undoes::bigint)
            RETURNING id
            """;

    private static final String INTO =
            """
            INSERT INTO reconciler.attribute_change
                   (conversation_id, participant_id, participant_role, attribute_name, attribute_value, requested_by, change_set_id,
                    atomic_group)\
            """;

    /// What became of the changes, as long as its values are on record.
    private static final String OUTCOMES =
            """
            FROM unnest(:changes::bigint[]) AS wanted (change_id)
             CROSS JOIN LATERAL (SELECT o.outcome_id, o.occurred_at, o.change_id, o.change_set_id, o.conversation_id, o.participant_id,
                                        o.participant_role, o.corrected_role, o.attribute_name
                                   FROM audit.outcome o
                                  WHERE o.change_id >= wanted.change_id AND o.change_id <= wanted.change_id
                                 OFFSET 0) AS o
             CROSS JOIN LATERAL (SELECT v.requested_value
                                   FROM audit.value v
                                  WHERE v.outcome_id = o.outcome_id AND v.occurred_at = o.occurred_at
                                 OFFSET 0) AS v\
            """;

    private static final String AGAIN =
            copying(
                    """
                    {into}
                    SELECT o.conversation_id, o.participant_id, coalesce(o.corrected_role, o.participant_role), o.attribute_name,
                           v.requested_value, :by, :set,
                           (SELECT c.atomic_group FROM reconciler.attribute_change c WHERE c.id = o.change_id)
                      {outcomes}
                     ORDER BY o.change_id
                    """);

    /// What was there before the first change of the set to the same attribute: a value that is
    /// still on record, or nothing. Rows whose values are gone from the record are left out.
    private static final String BACK =
            copying(
                    """
                    {into}
                    SELECT o.conversation_id, o.participant_id, coalesce(o.corrected_role, o.participant_role), o.attribute_name,
                           coalesce(b.before_value, ''), :by, :set,
                           (SELECT c.atomic_group FROM reconciler.attribute_change c WHERE c.id = o.change_id)
                      {outcomes}
                     -- In the order of the participant's index; by the outcome alone another one might be walked.
                     CROSS JOIN LATERAL (
                           SELECT f.outcome_id, f.occurred_at, f.before_commit
                             FROM audit.outcome f
                            WHERE f.participant_id >= o.participant_id AND f.participant_id <= o.participant_id
                              AND f.conversation_id = o.conversation_id
                              AND f.attribute_name = o.attribute_name AND f.change_set_id + 0 = o.change_set_id
                              AND f.status = 'APPLIED'
                            ORDER BY f.participant_id, f.outcome_id LIMIT 1) AS first
                      LEFT JOIN LATERAL (SELECT v.before_value
                                           FROM audit.value v
                                          WHERE v.outcome_id = first.outcome_id AND v.occurred_at = first.occurred_at
                                         OFFSET 0) AS b ON true
                     WHERE b.before_value IS NOT NULL OR first.before_commit IS NULL
                     ORDER BY o.change_id
                    """);

    private static final String UNDOING =
            """
            SELECT max(s.id) AS id
              FROM reconciler.change_set s
             WHERE s.undoes = :set
               AND (SELECT true FROM reconciler.attribute_change c
                     WHERE c.change_set_id >= s.id AND c.change_set_id <= s.id AND c.state <> 'CANCELLED'
                     ORDER BY c.change_set_id, c.id
                     LIMIT 1)
            """;

    private static String copying(String statement) {
        return statement.replace("{into}", INTO).replace("{outcomes}", OUTCOMES);
    }

    private final JdbcClient jdbc;

    public FollowUps(DataSource dataSource) {
        jdbc = JdbcClient.create(dataSource);
    }

    /// Nobody else takes the set back until the transaction ends.
    public void lock(long set) {
        jdbc.sql(LOCK).param("set", set).query(Long.class).single();
    }

    /// The set that takes this one back, unless it was cancelled; null when there is none.
    public @Nullable Long undoing(long set) {
        return jdbc.sql(UNDOING)
                .param("set", set)
                .query((row, _) -> Optional.ofNullable(row.getObject("id", Long.class)))
                .single()
                .orElse(null);
    }

    /// Asks once more for what these changes asked for.
    ///
    /// @return the new set
    /// @throws ErasedMeanwhile when a value is gone: the caller must roll back
    public long again(List<Long> changes, String by, String reason) {
        long set = newSet(changes, by, reason, "verify", null);
        copy(AGAIN, changes, by, set);
        return set;
    }

    /// Asks for what was there before a set's changes.
    ///
    /// @return the new set
    /// @throws ErasedMeanwhile when a value is gone: the caller must roll back
    public long back(long undone, List<Long> changes, String by, String reason) {
        long set = newSet(changes, by, reason, "undo", undone);
        copy(BACK, changes, by, set);
        return set;
    }

    private long newSet(
            List<Long> changes, String by, String reason, String source, @Nullable Long undoes) {
        return jdbc.sql(NEW_SET)
                .param("by", by)
                .param("reason", reason)
                .param("source", source)
                .param("rows", changes.size())
                .param("undoes", undoes)
                .query(Long.class)
                .single();
    }

    private void copy(String statement, List<Long> changes, String by, long set) {
        int copied =
                jdbc.sql(statement)
                        .param("changes", changes.toArray(Long[]::new))
                        .param("by", by)
                        .param("set", set)
                        .update();
        if (copied != changes.size()) {
            throw new ErasedMeanwhile(changes.size() - copied, changes.size());
        }
    }
}
