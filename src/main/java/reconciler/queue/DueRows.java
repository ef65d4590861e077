package reconciler.queue;

import java.sql.Types;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/// Which rows a run may take: they wait, they were there when it began, they are due and in its
/// scope, and whoever has to agree has agreed.
final class DueRows {
    private static final String READY =
            """
            c.state = 'PENDING'
            AND c.id <= :horizon
            AND (:everyRole OR c.participant_role = ANY (:roles))
            AND (c.not_before IS NULL OR c.not_before <= :asOf)
            AND (c.next_attempt_at IS NULL OR c.next_attempt_at <= :asOf)
            """;

    private static final String CLEARED =
            """
            (NOT :approvedOnly OR c.change_set_id = ANY (:freeSets) OR reconciler.is_approved(c.id, c.change_set_id))
            """;

    private static final String PLANNED =
            """
            (:plan::bigint IS NULL OR EXISTS (SELECT FROM reconciler.plan_row r
                                               WHERE r.plan_id = :plan::bigint AND r.change_id = c.id))
            """;

    private DueRows() {}

    /// The statement with its conditions on the row of attribute_change that it calls `c` spelled
    /// out: `{due}`, or without a part of it `{ready}` (whoever agreed, planned or not) and
    /// `{cleared}` (planned or not).
    static String in(String statement) {
        return statement
                .replace("{due}", READY + "AND " + CLEARED + "AND " + PLANNED)
                .replace("{cleared}", READY + "AND " + CLEARED)
                .replace("{ready}", READY);
    }

    /// The parameters of the condition.
    static StatementSpec of(Scope scope, StatementSpec statement) {
        return statement
                .param("horizon", scope.horizon())
                .param("asOf", Moments.timestamp(scope.asOf()))
                .param("everyRole", scope.roles().isEmpty())
                .param("roles", scope.roleNames())
                .param("approvedOnly", scope.approvedOnly())
                .param("freeSets", scope.freeSets().toArray(Long[]::new))
                .param("plan", scope.plan(), Types.BIGINT);
    }
}
