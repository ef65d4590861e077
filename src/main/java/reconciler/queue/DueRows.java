package reconciler.queue;

import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/// Which rows a run may take: they wait, they were there when it began, they are due and in its
/// scope.
final class DueRows {
    private static final String CONDITION =
            """
            c.state = 'PENDING'
            AND c.id <= :horizon
            AND (:everyRole OR c.participant_role = ANY (:roles))
            AND (c.not_before IS NULL OR c.not_before <= :asOf)
            AND (c.next_attempt_at IS NULL OR c.next_attempt_at <= :asOf)
            AND (NOT :approvedOnly OR EXISTS (SELECT FROM reconciler.change_set s
                                               WHERE s.id = c.change_set_id AND s.approved_by IS NOT NULL))
            """;

    private DueRows() {}

    /// The statement with `{due}` spelled out, a condition on the row of attribute_change that it
    /// calls `c`.
    static String in(String statement) {
        return statement.replace("{due}", CONDITION);
    }

    /// The parameters of the condition.
    static StatementSpec of(Scope scope, StatementSpec statement) {
        return statement
                .param("horizon", scope.horizon())
                .param("asOf", Moments.timestamp(scope.asOf()))
                .param("everyRole", scope.roles().isEmpty())
                .param("roles", scope.roleNames())
                .param("approvedOnly", scope.approvedOnly());
    }
}
