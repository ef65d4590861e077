package reconciler.queue;

import java.sql.Types;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import reconciler.change.ParticipantRole;

/// What waits, and for what. Changes nothing.
///
/// An approval is looked at set by set here, so that a million rows are counted in one pass; row by
/// row it is the claim that decides.
public final class Backlogs {
    private static final String AGREED =
            """
            agreed AS (
                SELECT s.id
                  FROM reconciler.change_set s JOIN reconciler.plan p ON p.id = s.approved_plan
                 WHERE s.approved_until > :asOf
                   AND p.sha256 = s.approved_sha256
                   AND p.voided_at IS NULL
                   AND NOT EXISTS (SELECT FROM reconciler.attribute_change a
                                    WHERE a.change_set_id = s.id AND a.id > p.horizon)
            ), waiting AS (
                SELECT c.participant_role, c.change_set_id, c.created_at, c.not_before, c.next_attempt_at,
                       CASE WHEN c.state = 'IN_FLIGHT' THEN 'IN_FLIGHT'
                            WHEN EXISTS (SELECT FROM reconciler.pause WHERE change_set_id IS NULL)
                                 OR c.change_set_id = ANY (ARRAY(SELECT p.change_set_id FROM reconciler.pause p)) THEN 'PAUSED'
                            WHEN c.not_before > :asOf THEN 'NOT_BEFORE'
                            WHEN c.next_attempt_at > :asOf THEN 'PUT_OFF'
                            WHEN :approvedOnly
                                 AND coalesce(c.change_set_id <> ALL (:freeSets), true)
                                 AND coalesce(c.change_set_id <> ALL (ARRAY(SELECT g.id FROM agreed g)), true) THEN 'UNAPPROVED'
                            ELSE 'RUN' END AS cause
                  FROM reconciler.attribute_change c
                 WHERE c.state IN ('PENDING', 'IN_FLIGHT') AND (:change::bigint IS NULL OR c.id = :change::bigint)
            )
            """;

    private static final String LINES =
            "WITH "
                    + AGREED
                    + """
                    SELECT participant_role, cause, count(*) AS rows, min(created_at) AS oldest,
                           min(CASE cause WHEN 'NOT_BEFORE' THEN greatest(not_before, next_attempt_at)
                                          WHEN 'PUT_OFF' THEN next_attempt_at END) AS next
                      FROM waiting
                     GROUP BY participant_role, cause
                     ORDER BY participant_role, cause
                    """;

    private static final String UNAPPROVED =
            "WITH "
                    + AGREED
                    + """
                    SELECT w.change_set_id, s.requested_by, w.rows,
                           EXISTS (SELECT FROM reconciler.approval a
                                    WHERE a.change_set_id = w.change_set_id AND a.verdict = 'approved') AS lapsed
                      FROM (SELECT change_set_id, count(*) AS rows FROM waiting WHERE cause = 'UNAPPROVED'
                             GROUP BY change_set_id) AS w
                      LEFT JOIN reconciler.change_set s ON s.id = w.change_set_id
                     ORDER BY w.rows DESC, w.change_set_id
                     LIMIT :most
                    """;

    /// Right after a large file came in the planner expects a great many groups, and would sort a
    /// million rows on disk.
    private static final String IN_MEMORY = "SELECT set_config('work_mem', '64MB', true)";

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    public Backlogs(DataSource dataSource) {
        jdbc = JdbcClient.create(dataSource);
        transaction = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
    }

    /// @param scope what a run that began now would take; its roles and its plan do not count
    /// @param most sets without an approval that are named
    public Backlog look(Scope scope, int most) {
        return transaction.execute(_ -> {
            jdbc.sql(IN_MEMORY).query().singleRow();
            return counted(scope, most);
        });
    }

    private Backlog counted(Scope scope, int most) {
        var backlog = new Backlog(lines(scope, null), List.of());
        return backlog.rows(Backlog.Cause.UNAPPROVED) == 0
                ? backlog
                : new Backlog(backlog.lines(), unapproved(scope, most));
    }

    /// What one change waits for; null when it is over.
    public Backlog.@Nullable Cause causeOf(long change, Scope scope) {
        List<Backlog.Line> lines = lines(scope, change);
        return lines.isEmpty() ? null : lines.getFirst().cause();
    }

    private List<Backlog.Line> lines(Scope scope, @Nullable Long change) {
        return of(scope, LINES, change)
                .query((row, _) ->
                        new Backlog.Line(
                                new ParticipantRole(row.getString("participant_role")),
                                Backlog.Cause.valueOf(row.getString("cause")),
                                row.getLong("rows"),
                                Moments.instant(row, "oldest"),
                                Moments.instantOrNull(row, "next")))
                .list();
    }

    private List<Backlog.Unapproved> unapproved(Scope scope, int most) {
        return of(scope, UNAPPROVED, null)
                .param("most", most)
                .query((row, _) ->
                        new Backlog.Unapproved(
                                row.getObject("change_set_id", Long.class),
                                row.getString("requested_by"),
                                row.getLong("rows"),
                                row.getBoolean("lapsed")))
                .list();
    }

    private StatementSpec of(Scope scope, String sql, @Nullable Long change) {
        return jdbc.sql(sql)
                .param("asOf", Moments.timestamp(scope.asOf()))
                .param("approvedOnly", scope.approvedOnly())
                .param("freeSets", scope.freeSets().numbers())
                .param("change", change, Types.BIGINT);
    }
}
