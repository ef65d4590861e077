package reconciler.queue;

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
    private static final String ALL_ROWS =
            """
            (SELECT p.id, p.conversation_id, p.participant_id, p.participant_role, p.attribute_name, p.change_set_id, p.created_at,
                    p.not_before, p.next_attempt_at, p.claim
               FROM {pending} AS p
              UNION ALL
             SELECT f.id, f.conversation_id, f.participant_id, f.participant_role, f.attribute_name, f.change_set_id, f.created_at,
                    f.not_before, f.next_attempt_at, f.claim
               FROM {in_flight} AS f)
            """;

    private static final String ONE_ROW =
            """
            (SELECT a.id, a.conversation_id, a.participant_id, a.participant_role, a.attribute_name, a.change_set_id, a.created_at,
                    a.not_before, a.next_attempt_at, a.claim
               FROM reconciler.attribute_change a
              WHERE a.id = :change AND a.settled_at IS NULL)
            """;

    private static final String WAITING =
            """
            WITH agreed AS (
                SELECT s.id
                  FROM (SELECT DISTINCT c.change_set_id AS id FROM {rows} AS c WHERE :approvedOnly) AS w
                 CROSS JOIN LATERAL (SELECT a.id FROM reconciler.approved_sets() AS a WHERE a.id = w.id OFFSET 0) AS s
            ), waiting AS (
                SELECT c.participant_role, c.change_set_id, c.created_at, c.not_before, c.next_attempt_at,
                       CASE WHEN NOT ({none ahead}) THEN 'SET_ASIDE'
                            WHEN c.claim IS NOT NULL THEN 'IN_FLIGHT'
                            WHEN EXISTS (SELECT FROM reconciler.pause WHERE change_set_id IS NULL)
                                 OR c.change_set_id = ANY (ARRAY(SELECT p.change_set_id FROM reconciler.pause p)) THEN 'PAUSED'
                            WHEN c.not_before > :asOf THEN 'NOT_BEFORE'
                            WHEN c.next_attempt_at > :asOf THEN 'PUT_OFF'
                            WHEN :approvedOnly
                                 AND coalesce(c.change_set_id <> ALL (:freeSets), true)
                                 AND coalesce(c.change_set_id <> ALL (ARRAY(SELECT g.id FROM agreed g)), true) THEN 'UNAPPROVED'
                            ELSE 'RUN' END AS cause
                  FROM {rows} AS c
            )
            """
                    .replace("{none ahead}", SetAsides.NONE_AHEAD);

    private static final String LINES =
            WAITING
                    + """
                    SELECT participant_role, cause, count(*) AS rows, min(created_at) AS oldest,
                           min(CASE cause WHEN 'NOT_BEFORE' THEN greatest(not_before, next_attempt_at)
                                          WHEN 'PUT_OFF' THEN next_attempt_at END) AS next
                      FROM waiting
                     GROUP BY participant_role, cause
                     ORDER BY participant_role, cause
                    """;

    private static final String LINES_OF_ALL = among(ALL_ROWS, LINES);

    private static final String LINES_OF_ONE = among(ONE_ROW, LINES);

    private static final String UNAPPROVED =
            among(
                    ALL_ROWS,
                    WAITING
                            + """
                            SELECT w.change_set_id, s.requested_by, w.rows,
                                   EXISTS (SELECT FROM reconciler.approval a
                                            WHERE a.change_set_id = w.change_set_id AND a.verdict = 'approved') AS lapsed
                              FROM (SELECT change_set_id, count(*) AS rows FROM waiting WHERE cause = 'UNAPPROVED'
                                     GROUP BY change_set_id) AS w
                              LEFT JOIN reconciler.change_set s ON s.id = w.change_set_id
                             ORDER BY w.rows DESC, w.change_set_id
                             LIMIT :most
                            """);

    /// Right after a large file came in the planner expects a great many groups, and would sort a
    /// million rows on disk.
    private static final String IN_MEMORY = "SELECT set_config('work_mem', '64MB', true)";

    private static String among(String rows, String statement) {
        return DueRows.in(statement.replace("{rows}", rows));
    }

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
        var backlog = new Backlog(lines(of(scope, LINES_OF_ALL)), List.of());
        return backlog.rows(Backlog.Cause.UNAPPROVED) == 0
                ? backlog
                : new Backlog(backlog.lines(), unapproved(scope, most));
    }

    /// What one change waits for; null when it is over.
    public Backlog.@Nullable Cause causeOf(long change, Scope scope) {
        List<Backlog.Line> lines = lines(of(scope, LINES_OF_ONE).param("change", change));
        return lines.isEmpty() ? null : lines.getFirst().cause();
    }

    private List<Backlog.Line> lines(StatementSpec statement) {
        return statement
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
        return of(scope, UNAPPROVED)
                .param("most", most)
                .query((row, _) ->
                        new Backlog.Unapproved(
                                row.getObject("change_set_id", Long.class),
                                row.getString("requested_by"),
                                row.getLong("rows"),
                                row.getBoolean("lapsed")))
                .list();
    }

    private StatementSpec of(Scope scope, String sql) {
        return jdbc.sql(sql)
                .param("asOf", Moments.timestamp(scope.asOf()))
                .param("approvedOnly", scope.approvedOnly())
                .param("freeSets", scope.freeSets().numbers());
    }
}
