-- Was anything approved by who asked for it, sent without the approval its job asks for, or approved afterwards? No rows: no.
-- Each row names the sets, who approved them, and the plans they approved. What a job asks approvals for is what its run put on
-- record (audit.v_run.approval_rule).
--   psql -d reconciler -f 04-approved-by-oneself.sql
SELECT d.violation, count(*) AS rows, min(d.occurred_at) AS first, max(d.occurred_at) AS last,
       array_agg(DISTINCT d.change_set_id) AS change_sets, array_agg(DISTINCT d.run_id) AS runs,
       array_agg(DISTINCT d.approved_by) AS approvers, array_remove(array_agg(DISTINCT a.plan_sha256), NULL) AS plans
  FROM audit.v_separation_of_duty d
  LEFT JOIN LATERAL (SELECT v.plan_sha256
                       FROM audit.v_approval v
                      WHERE v.change_set_id = d.change_set_id AND v.verdict = 'approved' AND v.approver = d.approved_by
                      ORDER BY v.approval_id DESC
                      LIMIT 1) AS a ON true
 GROUP BY d.violation
 ORDER BY d.violation;
