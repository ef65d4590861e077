package reconciler.queue;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.change.ChangeState;
import reconciler.change.ParticipantRole;

/// Takes one change by hand as a run would take it, or says why a run would not. In the caller's
/// transaction.
record HandClaims(JdbcClient jdbc, Claims claims) {
    private static final String JUDGE =
            DueRows.in(
                    """
                    SELECT c.state, c.participant_role, c.change_set_id,
                           (:everyRole OR c.participant_role = ANY (:roles)) AS selected,
                           p.paused_by, p.change_set_id AS paused_set,
                           CASE WHEN c.not_before > :asOf OR c.next_attempt_at > :asOf
                                THEN greatest(c.not_before, c.next_attempt_at) END AS due_at,
                           coalesce({agreed}, false) AS agreed,
                           (SELECT max(n.id)
                              FROM reconciler.waiting_for(c.conversation_id, c.participant_id, c.attribute_name) AS n
                             WHERE n.id > c.id AND {cleared n}) AS newer
                      FROM reconciler.attribute_change c
                      LEFT JOIN LATERAL (SELECT z.change_set_id, z.paused_by
                                           FROM reconciler.pause z
                                          WHERE z.change_set_id IS NULL OR z.change_set_id = c.change_set_id
                                          ORDER BY z.change_set_id NULLS FIRST
                                          LIMIT 1) AS p ON true
                     WHERE c.id = :change
                    """);

    /// As [ChangeQueue#claim(long, Scope)].
    HandClaim claim(long changeId, Scope scope) {
        claims.awaitTurn();
        Obstacle obstacle = judge(changeId, scope);
        if (obstacle != null) {
            return new HandClaim.Refused(obstacle);
        }
        ClaimedPage page = claims.one(changeId, scope);
        return page.rows().isEmpty()
                ? new HandClaim.Refused(new Obstacle.Busy())
                : new HandClaim.Taken(page);
    }

    private @Nullable Obstacle judge(long changeId, Scope scope) {
        return DueRows.of(scope, jdbc.sql(JUDGE))
                .param("change", changeId)
                .query((row, _) -> Optional.ofNullable(obstacle(row)))
                .single()
                .orElse(null);
    }

    private static @Nullable Obstacle obstacle(ResultSet row) throws SQLException {
        var state = ChangeState.valueOf(row.getString("state"));
        Long newer = row.getObject("newer", Long.class);
        if (state != ChangeState.PENDING) {
            return new Obstacle.NotPending(state);
        } else if (!row.getBoolean("selected")) {
            return new Obstacle.NotSelected(new ParticipantRole(row.getString("participant_role")));
        } else if (row.getString("paused_by") != null) {
            return new Obstacle.Paused(
                    row.getObject("paused_set", Long.class), row.getString("paused_by"));
        } else if (row.getObject("due_at") != null) {
            return new Obstacle.NotDue(Moments.instant(row, "due_at"));
        } else if (!row.getBoolean("agreed")) {
            return new Obstacle.Unapproved(row.getObject("change_set_id", Long.class));
        }
        return newer == null ? null : new Obstacle.Superseded(newer);
    }
}
