-- What a run's job asks approvals for, on record in a form that SQL can judge.

ALTER TABLE audit.run
    -- As in the job file: none, required, or the conditions as JSON: {"above-rows": 500, "attributes": ["customer.tier"]}.
    -- Null for runs from before this column.
    ADD COLUMN approval_rule text CHECK (approval_rule IN ('none', 'required') OR jsonb_typeof(approval_rule::jsonb) = 'object');

-- A run's leaf: a run with an approval_rule has one field more, the last one.
CREATE OR REPLACE FUNCTION audit.seal_run() RETURNS trigger
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
BEGIN
    PERFORM audit.lock_journal();
    PERFORM audit.append_seal(nextval('audit.seal_seq'), 'journal', 'run-opened', NEW.run_id, NULL, '{}', '{}', ARRAY[
        sha256('\x00'::bytea || convert_to(concat(
               audit.net('run'), audit.net(NEW.run_id::text), audit.net(NEW.job),
               audit.net(audit.micros(NEW.started_at)), audit.net(NEW.trigger),
               audit.net(audit.micros(NEW.scheduled_for)), audit.net(NEW.started_by),
               audit.net(NEW.database_user), audit.net(NEW.host), audit.net(NEW.version),
               audit.net(NEW.job_file_sha256), audit.net(NEW.job_file), audit.net(NEW.api),
               audit.net(NEW.contract), audit.net(NEW.epoch::text), audit.net(NEW.planned::text),
               audit.net(NEW.horizon::text),
               CASE WHEN NEW.approval_rule IS NOT NULL THEN audit.net(NEW.approval_rule) END), 'UTF8'))]);
    RETURN NULL;
END
$$;

CREATE OR REPLACE VIEW audit.v_run AS
    SELECT r.run_id, r.job, r.trigger, r.scheduled_for, r.started_at, e.ended_at, r.started_by, r.database_user, r.host,
           r.version, r.job_file_sha256, r.api, r.contract, r.epoch, r.planned, e.exit_code, e.explanation, e.applied,
           e.unchanged, e.superseded, e.rejected, e.conflict, e.expired, e.failed, e.pending, e.requests, e.throttled,
           r.approval_rule
      FROM audit.run r LEFT JOIN audit.run_end e USING (run_id);

-- What a set says counts as it was when the last of its rows was settled by that run; rows that were added later are judged
-- with the run that took them. An earlier run is judged by the text of its job file, without the comments: what such a text
-- does not say clearly is shown.
CREATE OR REPLACE VIEW audit.v_separation_of_duty AS
    WITH sent AS (
        SELECT o.run_id, o.change_set_id, r.approval_rule::jsonb AS rule, max(o.occurred_at) AS until
          FROM audit.run r JOIN audit.outcome o USING (run_id)
         WHERE r.approval_rule LIKE '{%' AND o.attempts > 0 AND o.approved_by IS NULL
         GROUP BY o.run_id, o.change_set_id, r.approval_rule
    ), in_need AS (
        SELECT t.run_id, coalesce(t.change_set_id, 0) AS change_set_id
          FROM sent t
          LEFT JOIN reconciler.change_set s ON s.id = t.change_set_id
         CROSS JOIN LATERAL (
               SELECT count(*) AS rows, bool_or(t.rule -> 'attributes' @> to_jsonb(a.attribute_name)) AS named
                 FROM reconciler.attribute_change a
                WHERE a.change_set_id = t.change_set_id AND a.created_at <= t.until) AS c
         WHERE t.change_set_id IS NULL
            OR c.rows IS DISTINCT FROM s.rows_queued
            OR c.rows > (t.rule ->> 'above-rows')::bigint
            OR c.named
    )
    SELECT o.outcome_id, o.change_id, o.change_set_id, o.run_id, o.seal_id, o.requested_by, o.approved_by, r.started_by,
           o.occurred_at, v.violation
      FROM audit.outcome o
      LEFT JOIN audit.run r USING (run_id)
      LEFT JOIN reconciler.change_set s ON s.id = o.change_set_id
      LEFT JOIN in_need n ON n.run_id = o.run_id AND n.change_set_id = coalesce(o.change_set_id, 0)
     CROSS JOIN LATERAL (
           SELECT CASE WHEN o.attempts > 0 AND o.approved_by IS NULL AND r.approval_rule IS NULL
                       THEN regexp_replace(r.job_file, '(^|\s)#.*', '', 'gn') END AS said) AS earlier
     CROSS JOIN LATERAL (VALUES
           (CASE WHEN o.approved_by = o.requested_by THEN 'approved by its own requester' END),
           (CASE WHEN o.approved_by = s.requested_by AND s.requested_by <> o.requested_by
                 THEN 'approved by who queued the set' END),
           (CASE WHEN lower(o.approved_by) = lower(s.queued_login) AND s.queued_login <> o.requested_by
                      AND s.queued_login <> s.requested_by
                 THEN 'approved by the login that queued the set' END),
           (CASE WHEN o.attempts > 0 AND o.approved_by IS NULL
                      AND (r.approval_rule = 'required' OR n.run_id IS NOT NULL
                           OR earlier.said ~ 'approval["'']?\s*:\s*["'']?required')
                 THEN 'sent without the approval that the job asks for'
                 WHEN earlier.said ~ 'approval["'']?\s*:' AND earlier.said !~ 'approval["'']?\s*:\s*["'']?none'
                 THEN 'sent without an approval; its run is older than the record of what its job asks for' END),
           (CASE WHEN o.attempts > 0 AND o.approved_by IS NOT NULL
                      AND least(s.approved_at, (SELECT min(a.decided_at) FROM reconciler.approval a
                                                 WHERE a.change_set_id = o.change_set_id AND a.verdict = 'approved'
                                                   AND a.approver = o.approved_by)) > o.occurred_at
                 THEN 'approved after it was sent' END)) AS v (violation)
     WHERE v.violation IS NOT NULL;
