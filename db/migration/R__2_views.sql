-- Views for auditors. Runs again whenever it changes: a view gets new columns at its end; for any other change it is dropped by
-- name first.

-- Values are there until they are erased, and only for those who may read audit.value; for others '(masked)'.
CREATE OR REPLACE VIEW audit.v_outcome AS
    SELECT o.outcome_id, o.change_id, o.change_set_id, o.run_id, o.conversation_id, o.participant_id, o.participant_role,
           o.corrected_role, o.attribute_name,
           -- Subqueries and not a join: whoever does not ask for the values does not pay for them.
           (SELECT CASE WHEN v.before_value IS NULL THEN NULL
                        WHEN has_table_privilege(current_user, 'audit.value', 'SELECT') THEN v.before_value
                        ELSE '(masked)' END
              FROM audit.value v
             WHERE v.outcome_id = o.outcome_id AND v.occurred_at = o.occurred_at) AS before_value,
           (SELECT CASE WHEN has_table_privilege(current_user, 'audit.value', 'SELECT') THEN v.requested_value
                        ELSE '(masked)' END
              FROM audit.value v
             WHERE v.outcome_id = o.outcome_id AND v.occurred_at = o.occurred_at) AS requested_value,
           o.status, o.confirmed_by, o.http_status, o.error_code, o.error_message, o.correlation_id, o.attempts, o.in_doubt,
           o.requested_by, o.approved_by, o.occurred_at,
           -- What a read showed instead of the value that was sent.
           (SELECT CASE WHEN v.standing_value IS NULL THEN NULL
                        WHEN has_table_privilege(current_user, 'audit.value', 'SELECT') THEN v.standing_value
                        ELSE '(masked)' END
              FROM audit.value v
             WHERE v.outcome_id = o.outcome_id AND v.occurred_at = o.occurred_at) AS standing_value
      FROM audit.outcome o;

-- The error body as well: bounded, and without the values that were sent, which were masked before it was stored.
CREATE OR REPLACE VIEW audit.v_attempt AS
    SELECT attempt_id, run_id, change_ids, conversation_id, participant_id, purpose, method, path, request_sha256,
           started_at, took_micros, http_status, error_code, error_message, correlation_id, recorded_at, answer
      FROM audit.attempt;

CREATE OR REPLACE VIEW audit.v_event AS
    SELECT event_id, occurred_at, actor, database_user, action, object, reason, detail
      FROM audit.event;

CREATE OR REPLACE VIEW audit.v_run AS
    SELECT r.run_id, r.job, r.trigger, r.scheduled_for, r.started_at, e.ended_at, r.started_by, r.database_user, r.host,
           r.version, r.job_file_sha256, r.api, r.contract, r.epoch, r.planned, e.exit_code, e.explanation, e.applied,
           e.unchanged, e.superseded, e.rejected, e.conflict, e.expired, e.failed, e.pending, e.requests, e.throttled,
           r.approval_rule
      FROM audit.run r LEFT JOIN audit.run_end e USING (run_id);

CREATE OR REPLACE VIEW audit.v_change_set AS
    SELECT id AS change_set_id, created_at, requested_by, reason, ticket, source_name, source_sha256, rows_queued, rows_refused,
           approved_by, approved_at, queued_login, undoes, approved_plan, approved_sha256, approved_until
      FROM reconciler.change_set;

-- Plans and decisions, for auditors.
CREATE OR REPLACE VIEW audit.v_plan AS
    SELECT id AS plan_id, created_at, valid_until, made_by, made_by_login, change_set_id, job, job_file_sha256, api, sample,
           sha256, voided_at, voided_because
      FROM reconciler.plan;

CREATE OR REPLACE VIEW audit.v_approval AS
    SELECT id AS approval_id, change_set_id, verdict, plan_id, plan_sha256, approver, requested_by, queued_login, remark,
           decided_at, valid_until
      FROM reconciler.approval;

-- Who asked, why, who approved what, and who executed it with which job file and program. The approval is the one that
-- held when the row was settled.
CREATE OR REPLACE VIEW audit.v_accountability AS
    SELECT o.outcome_id, o.change_id, o.change_set_id, o.run_id, o.seal_id, o.conversation_id, o.participant_id,
           o.attribute_name, o.status, o.occurred_at,
           o.requested_by, s.queued_login, s.reason, s.ticket, s.source_sha256,
           o.approved_by, a.decided_at AS approved_at, a.remark AS approval_remark, a.plan_id, a.plan_sha256,
           r.started_by AS executed_by, r.database_user AS executed_as, r.host AS executed_on, r.job, r.job_file_sha256,
           r.version, r.started_at AS run_started_at
      FROM audit.outcome o
      LEFT JOIN reconciler.change_set s ON s.id = o.change_set_id
      LEFT JOIN audit.run r ON r.run_id = o.run_id
      LEFT JOIN LATERAL (
           SELECT p.decided_at, p.remark, p.plan_id, p.plan_sha256
             FROM reconciler.approval p
            WHERE p.change_set_id = o.change_set_id AND p.verdict = 'approved' AND p.approver = o.approved_by
              AND p.decided_at <= o.occurred_at
            ORDER BY p.id DESC
            LIMIT 1) AS a ON true;

-- Everything that was queued is somewhere: the last two columns are 0.
CREATE OR REPLACE VIEW audit.v_reconciliation AS
    SELECT c.change_set_id,
           count(*)                                          AS queued,
           count(*) FILTER (WHERE c.state = 'APPLIED')       AS applied,
           count(*) FILTER (WHERE c.state = 'UNCHANGED')     AS unchanged,
           count(*) FILTER (WHERE c.state = 'SUPERSEDED')    AS superseded,
           count(*) FILTER (WHERE c.state = 'REJECTED')      AS rejected,
           count(*) FILTER (WHERE c.state = 'CONFLICT')      AS conflict,
           count(*) FILTER (WHERE c.state = 'EXPIRED')       AS expired,
           count(*) FILTER (WHERE c.state = 'CANCELLED')     AS cancelled,
           count(*) FILTER (WHERE c.state = 'FAILED')        AS failed,
           count(*) FILTER (WHERE c.state = 'PENDING')       AS pending,
           count(*) FILTER (WHERE c.state = 'IN_FLIGHT')     AS in_flight,
           count(*) FILTER (WHERE c.settled_at IS NOT NULL AND o.status IS DISTINCT FROM c.state) AS without_their_outcome,
           count(*) FILTER (WHERE c.settled_at IS NULL AND o.change_id IS NOT NULL)               AS with_a_premature_outcome,
           -- Of those that are not settled.
           count(*) FILTER (WHERE c.settled_at IS NULL AND x.change_id IS NOT NULL)               AS set_aside
      FROM reconciler.attribute_change c
      LEFT JOIN audit.outcome o ON o.change_id = c.id
      LEFT JOIN reconciler.set_aside x ON x.change_id = c.id
     GROUP BY c.change_set_id;

-- The same for each run: what it planned against what it settled, by its own end and by the outcomes themselves. Requests
-- are those to the API; those for tokens have their attempts, too.
CREATE OR REPLACE VIEW audit.v_run_reconciliation AS
    SELECT r.run_id, r.job, r.started_at, e.ended_at, r.planned,
           o.outcomes, o.applied, o.unchanged, o.superseded, o.rejected, o.conflict, o.expired, o.failed,
           e.pending,
           -- 0, or the run's end names other counts than its outcomes add up to; null while it runs.
           e.applied + e.unchanged + e.superseded + e.rejected + e.conflict + e.expired + e.failed - o.outcomes
               AS end_minus_outcomes,
           o.requests, e.requests - o.requests AS end_minus_requests
      FROM audit.run r
      LEFT JOIN audit.run_end e USING (run_id)
     CROSS JOIN LATERAL (
           SELECT count(*)                                       AS outcomes,
                  count(*) FILTER (WHERE status = 'APPLIED')     AS applied,
                  count(*) FILTER (WHERE status = 'UNCHANGED')   AS unchanged,
                  count(*) FILTER (WHERE status = 'SUPERSEDED')  AS superseded,
                  count(*) FILTER (WHERE status = 'REJECTED')    AS rejected,
                  count(*) FILTER (WHERE status = 'CONFLICT')    AS conflict,
                  count(*) FILTER (WHERE status = 'EXPIRED')     AS expired,
                  count(*) FILTER (WHERE status = 'FAILED')      AS failed,
                  (SELECT count(*) FROM audit.attempt a WHERE a.run_id = r.run_id AND a.purpose <> 'TOKEN') AS requests
             FROM audit.outcome o WHERE o.run_id = r.run_id) AS o;

-- What a set says counts as it was when the last of its rows was settled by that run; rows that were added later are judged
-- with the run that took them.
CREATE OR REPLACE VIEW audit.v_separation_of_duty AS
    WITH sent AS (
        SELECT o.run_id, o.change_set_id, r.approval_rule::jsonb AS rule, max(o.occurred_at) AS until
          FROM audit.run r JOIN audit.outcome o USING (run_id)
         WHERE r.approval_rule LIKE '{%' AND o.attempts > 0 AND o.approved_by IS NULL
         GROUP BY o.run_id, o.change_set_id, r.approval_rule
    ), in_need AS (
        SELECT t.run_id, coalesce(t.change_set_id, 0) AS change_set_id
          FROM sent t
         WHERE t.change_set_id IS NULL
            OR NOT EXISTS (SELECT FROM reconciler.free_sets(
                               ARRAY[t.change_set_id], (t.rule ->> 'above-rows')::integer,
                               ARRAY(SELECT jsonb_array_elements_text(t.rule -> 'attributes')), t.until))
    )
    SELECT o.outcome_id, o.change_id, o.change_set_id, o.run_id, o.seal_id, o.requested_by, o.approved_by, r.started_by,
           o.occurred_at, v.violation
      FROM audit.outcome o
      LEFT JOIN audit.run r USING (run_id)
      LEFT JOIN reconciler.change_set s ON s.id = o.change_set_id
      LEFT JOIN in_need n ON n.run_id = o.run_id AND n.change_set_id = coalesce(o.change_set_id, 0)
     CROSS JOIN LATERAL (VALUES
           (CASE WHEN o.approved_by = o.requested_by THEN 'approved by its own requester' END),
           (CASE WHEN o.approved_by = s.requested_by AND s.requested_by <> o.requested_by
                 THEN 'approved by who queued the set' END),
           (CASE WHEN lower(o.approved_by) = lower(s.queued_login) AND s.queued_login <> o.requested_by
                      AND s.queued_login <> s.requested_by
                 THEN 'approved by the login that queued the set' END),
           (CASE WHEN o.attempts > 0 AND o.approved_by IS NULL
                      AND (r.approval_rule = 'required' OR n.run_id IS NOT NULL)
                 THEN 'sent without the approval that the job asks for' END),
           (CASE WHEN o.attempts > 0 AND o.approved_by IS NOT NULL
                      AND least(s.approved_at, (SELECT min(a.decided_at) FROM reconciler.approval a
                                                 WHERE a.change_set_id = o.change_set_id AND a.verdict = 'approved'
                                                   AND a.approver = o.approved_by)) > o.occurred_at
                 THEN 'approved after it was sent' END)) AS v (violation)
     WHERE v.violation IS NOT NULL;
