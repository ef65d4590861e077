package reconciler.queue;

import java.sql.Types;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/// Which rows a run may take: they wait, they were there when it began, they are due, in its scope
/// and not paused, and whoever has to agree has agreed. Whoever tells beforehand what a run will
/// take, asks by these words too.
public final class DueRows {
    /// PENDING, and not later than the horizon, in words that no index is looked for by: what is to
    /// be walked says the statement, by its own `state = 'PENDING'` or by `{pending}`.
    private static final String SCOPED =
            """
            c.claim IS NULL AND c.settled_at IS NULL
            AND c.id + 0 <= :horizon
            AND (:everyRole OR c.participant_role = ANY (:roles))
            AND {none ahead}
            """
                    .replace("{none ahead}", SetAsides.NONE_AHEAD);

    private static final String TIMELY =
            SCOPED
                    + """
                    AND (c.not_before IS NULL OR c.not_before <= :asOf)
                    AND (c.next_attempt_at IS NULL OR c.next_attempt_at <= :asOf)
                    """;

    private static final String NOT_PAUSED =
            """
            NOT EXISTS (SELECT FROM reconciler.pause WHERE change_set_id IS NULL)
            AND coalesce(c.change_set_id, 0) <> ALL (ARRAY(SELECT p.change_set_id FROM reconciler.pause p
                                                            WHERE p.change_set_id IS NOT NULL))
            """;

    private static final String AGREED =
            """
            (NOT :approvedOnly OR ({free}) OR reconciler.is_approved(c.id, c.change_set_id))
            """
                    .replace("{free}", FreeSets.FREE);

    private static final String PLANNED =
            """
            (:plan::bigint IS NULL OR (SELECT count(*) FROM reconciler.plan_row r
                                        WHERE r.change_id >= c.id AND r.change_id <= c.id AND r.plan_id + 0 = :plan::bigint) > 0)
            """;

    private static final Pattern CONDITION = Pattern.compile("\\{(\\w+)(?: (\\w))?}");

    private static final Pattern ROW = Pattern.compile("\\bc\\.");

    private DueRows() {}

    /// The statement with its conditions on a row of attribute_change spelled out. `{due}` is about
    /// the row that the statement calls `c`, `{due n}` about the one that it calls `n`. Parts of
    /// it: `{scoped}` is there, of the scope's roles, and not set aside; `{timely}` is due by the
    /// clock as well; `{waiting}` and planned, paused or not, whoever agreed; `{ready}` is timely
    /// and not paused; `{agreed}` is agreed to, and that alone; `{cleared}` is ready and agreed to,
    /// planned or not. For a FROM: `{pending}` is every pending row, `{in_flight}` every row in
    /// flight, each by a walk of its own index, whatever the statistics say; `{partition}` are the
    /// pending rows of the buckets from `fromBucket` to before `toBucket`; `{of_set}` all rows of
    /// the change set `set`.
    public static String in(String statement) {
        return CONDITION
                .matcher(statement)
                .replaceAll(condition ->
                        Matcher.quoteReplacement(
                                of(
                                        condition.group(1),
                                        condition.group(2) == null ? "c" : condition.group(2))));
    }

    private static String of(String condition, String row) {
        String spelled =
                switch (condition) {
                    case "pending" -> IndexWalk.PENDING;
                    case "in_flight" -> IndexWalk.IN_FLIGHT;
                    case "partition" -> IndexWalk.PENDING_OF_PARTITION;
                    case "of_set" -> IndexWalk.OF_SET;
                    case "scoped" -> SCOPED;
                    case "timely" -> TIMELY;
                    case "waiting" -> TIMELY + "AND " + PLANNED;
                    case "ready" -> TIMELY + "AND " + NOT_PAUSED;
                    case "agreed" -> AGREED;
                    case "cleared" -> TIMELY + "AND " + NOT_PAUSED + "AND " + AGREED;
                    case "due" -> TIMELY + "AND " + NOT_PAUSED + "AND " + AGREED + "AND " + PLANNED;
                    default -> throw new IllegalArgumentException("no condition: " + condition);
                };
        return ROW.matcher(spelled).replaceAll(row + ".");
    }

    /// The parameters of the conditions: `horizon`, `asOf`, `everyRole`, `roles`, `approvedOnly`,
    /// `plan`, and those of [FreeSets].
    public static StatementSpec of(Scope scope, StatementSpec statement) {
        return scope.freeSets()
                .in(statement)
                .param("horizon", scope.horizon())
                .param("asOf", Moments.timestamp(scope.asOf()))
                .param("everyRole", scope.roles().isEmpty())
                .param("roles", scope.roleNames())
                .param("approvedOnly", scope.approvedOnly())
                .param("plan", scope.plan(), Types.BIGINT);
    }
}
