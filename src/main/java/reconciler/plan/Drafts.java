package reconciler.plan;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.change.Commitment;
import reconciler.change.Participant;
import reconciler.change.ParticipantRole;
import reconciler.queue.DueRows;
import reconciler.queue.Scope;

/// Plans on the way into the database: opened, filled page by page, closed with a hash.
final class Drafts {
    private static final String OPEN =
            """
            INSERT INTO reconciler.plan (valid_until, made_by, change_set_id, job, job_file_sha256, api, as_of, horizon, sample)
            VALUES (clock_timestamp() + :validMillis * interval '1 millisecond', :by, :set, :job, :jobFile, :api, :asOf, :horizon,
                    :sample)
            RETURNING id, salt
            """;

    /// What the queue alone tells: which rows there are, what is superseded, what has expired. A
    /// set is planned whole; without one it is what a run would take now.
    private static final String ADD_ROWS =
            """
            WITH pending AS (
                SELECT c.id, c.conversation_id, c.participant_id, c.attribute_name, c.apply_by
                  FROM {rows}
            ), judged AS (
                SELECT p.id, p.conversation_id, n.newest, p.apply_by <= :asOf AS expired,
                       dense_rank() OVER (ORDER BY uuid_hash_extended(p.conversation_id, 0), p.conversation_id) AS number
                  FROM pending p
                  LEFT JOIN LATERAL (
                       SELECT max(n.id) AS newest
                         FROM reconciler.waiting_for(p.conversation_id, p.participant_id, p.attribute_name) AS n
                        WHERE n.id > p.id
                          -- The set's own rows as they will stand once somebody has agreed to this plan.
                          AND {timely n}
                          AND (n.change_set_id = :set::bigint OR ({cleared n}))) AS n ON true
            ), added AS (
                INSERT INTO reconciler.plan_row (plan_id, change_id, conversation_no, finding, superseded_by)
                SELECT :draft, id, number,
                       CASE WHEN newest IS NOT NULL THEN 'SUPERSEDED' WHEN expired THEN 'EXPIRED' END, newest
                  FROM judged
                 WHERE :sample::int IS NULL OR number <= :sample::int
            )
            SELECT count(*) AS rows, coalesce(max(number), 0) AS conversations FROM judged
            """;

    private static final String ADD_DUE_ROWS =
            DueRows.in(ADD_ROWS.replace("{rows}", "{pending} AS c WHERE {due}"));

    private static final String ADD_ROWS_OF_SET =
            DueRows.in(ADD_ROWS.replace("{rows}", "{of_set} AS c WHERE {scoped}"));

    private static final String PAGE =
            """
            SELECT r.change_id, r.conversation_no, r.finding, c.conversation_id, c.participant_id, c.participant_role,
                   c.attribute_name, c.attribute_value
              FROM unnest(ARRAY[:after::int], ARRAY[:after::int + :size::int]) AS page (after, last)
             CROSS JOIN LATERAL (SELECT p.change_id, p.conversation_no, p.finding
                                   FROM reconciler.plan_row p
                                  WHERE p.plan_id = :plan AND p.conversation_no > page.after AND p.conversation_no <= page.last
                                 OFFSET 0) AS r
             CROSS JOIN LATERAL (SELECT a.conversation_id, a.participant_id, a.participant_role, a.attribute_name,
                                        a.attribute_value
                                   FROM reconciler.attribute_change a
                                  WHERE a.id = r.change_id
                                 OFFSET 0) AS c
             ORDER BY r.conversation_no, r.change_id
            """;

    private static final String RECORD =
            """
            UPDATE reconciler.plan_row r
               SET finding = f.finding, own_role = f.own_role, before_commit = decode(f.before_commit, 'hex')
              FROM unnest(:changes::bigint[], :findings::text[], :ownRoles::text[], :commits::text[])
                       AS f (change_id, finding, own_role, before_commit)
             WHERE r.plan_id + 0 = :plan AND r.change_id = ANY (ARRAY[f.change_id])
            """;

    /// A plan whose set lost rows meanwhile is not sealed.
    private static final String SEAL =
            """
            UPDATE reconciler.plan p
               SET sha256 = reconciler.plan_sha256(p.id)
             WHERE p.id = :plan AND p.sha256 IS NULL AND p.voided_at IS NULL
            """;

    private static final String VOID_OTHERS =
            "SELECT reconciler.void_plans(:set, 'plan p_' || :plan || ' took its place', :plan)";

    /// What is over is kept without its rows: they held values, if only as hashes.
    private static final String FORGET_ROWS =
            """
            WITH RECURSIVE kept AS (
                -- The plans that have rows, one look each.
                (SELECT r.plan_id FROM reconciler.plan_row r ORDER BY r.plan_id, r.conversation_no LIMIT 1)
                 UNION ALL
                SELECT (SELECT r.plan_id FROM reconciler.plan_row r
                         WHERE r.plan_id > k.plan_id ORDER BY r.plan_id, r.conversation_no LIMIT 1)
                  FROM kept k WHERE k.plan_id IS NOT NULL
            ), over AS MATERIALIZED (
                SELECT p.id
                  FROM kept k
                 CROSS JOIN LATERAL (SELECT p.id, p.valid_until, p.created_at, p.sha256, p.change_set_id
                                       FROM reconciler.plan p WHERE p.id = k.plan_id OFFSET 0) AS p
                 WHERE (p.valid_until < clock_timestamp() - interval '7 days'
                        OR p.sha256 IS NULL AND p.created_at < clock_timestamp() - interval '7 days')
                   AND (SELECT s.approved_plan = p.id AND s.approved_until > clock_timestamp()
                          FROM reconciler.change_set s WHERE s.id = p.change_set_id) IS NOT TRUE
            )
            DELETE FROM reconciler.plan_row r USING over WHERE r.plan_id = ANY (ARRAY[over.id])
            """;

    private final JdbcClient jdbc;
    private final Plans plans;

    Drafts(DataSource dataSource) {
        jdbc = JdbcClient.create(dataSource);
        plans = new Plans(dataSource);
    }

    /// A plan that is being made.
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Draft(long id, byte[] salt, PlanRequest request, Scope scope) {}

    /// How much there is to plan.
    record Extent(long rows, int conversations) {}

    Draft open(PlanRequest request, Scope scope, String api) {
        jdbc.sql(FORGET_ROWS).update();
        return jdbc.sql(OPEN)
                .param("validMillis", request.valid().toMillis())
                .param("by", request.by())
                .param("set", request.set(), Types.BIGINT)
                .param("job", request.job().job())
                .param("jobFile", request.job().sha256())
                .param("api", api)
                .param("asOf", scope.asOf().atOffset(ZoneOffset.UTC))
                .param("horizon", scope.horizon())
                .param("sample", request.sample(), Types.INTEGER)
                .query((row, _) ->
                        new Draft(row.getLong("id"), row.getBytes("salt"), request, scope))
                .single();
    }

    /// @return how much there is, sample or not
    Extent addRows(Draft draft) {
        return DueRows.of(
                        draft.scope(),
                        jdbc.sql(draft.request().set() == null ? ADD_DUE_ROWS : ADD_ROWS_OF_SET))
                .param("draft", draft.id())
                .param("set", draft.request().set(), Types.BIGINT)
                .param("sample", draft.request().sample(), Types.INTEGER)
                .query((row, _) -> new Extent(row.getLong("rows"), row.getInt("conversations")))
                .single();
    }

    /// The rows of the conversations numbered from `after + 1` to `after + size`.
    List<PlannedRow> page(Draft draft, int after, int size) {
        return jdbc.sql(PAGE)
                .param("plan", draft.id())
                .param("after", after)
                .param("size", size)
                .query((row, _) -> plannedRow(row))
                .list();
    }

    void record(Draft draft, List<Judgement> judgements) {
        jdbc.sql(RECORD)
                .param("plan", draft.id())
                .param(
                        "changes",
                        judgements.stream().map(one -> one.row().change()).toArray(Long[]::new))
                .param(
                        "findings",
                        judgements.stream().map(one -> one.finding().name()).toArray(String[]::new))
                .param(
                        "ownRoles",
                        judgements.stream()
                                .map(one -> one.ownRole() == null ? null : one.ownRole().name())
                                .toArray(String[]::new))
                .param(
                        "commits",
                        judgements.stream()
                                .map(one -> commitment(draft, one))
                                .toArray(String[]::new))
                .update();
    }

    private static @Nullable String commitment(Draft draft, Judgement judgement) {
        Commitment commitment =
                judgement.seen()
                        ? Commitment.to(draft.salt(), judgement.row().change(), judgement.before())
                        : Commitment.toNothingSeen(draft.salt());
        return commitment.hash() == null ? null : HexFormat.of().formatHex(commitment.hash());
    }

    /// Closes the plan; earlier plans of its set, and what was approved of them, hold no longer. In
    /// the caller's transaction.
    ///
    /// @return null when rows of the set were cancelled meanwhile: then there is no plan
    @Nullable Plan seal(Draft draft) {
        Long set = draft.request().set();
        if (set != null) {
            jdbc.sql(VOID_OTHERS).param("set", set).param("plan", draft.id()).query().singleRow();
        }
        return jdbc.sql(SEAL).param("plan", draft.id()).update() == 1
                ? plans.find(draft.id())
                : null;
    }

    private static PlannedRow plannedRow(ResultSet row) throws SQLException {
        String known = row.getString("finding");
        return new PlannedRow(
                row.getLong("change_id"),
                row.getInt("conversation_no"),
                new Participant(
                        row.getObject("conversation_id", UUID.class),
                        row.getObject("participant_id", UUID.class)),
                new ParticipantRole(row.getString("participant_role")),
                row.getString("attribute_name"),
                row.getString("attribute_value"),
                known == null ? null : Finding.valueOf(known));
    }
}
