-- Is every row that was queued somewhere, once? No rows: yes. (The counts themselves: audit.v_reconciliation and
-- audit.v_run_reconciliation.)
--   psql -d reconciler -f 09-does-everything-add-up.sql
SELECT 'change set ' || coalesce(r.change_set_id::text, 'none') AS where_, r.without_their_outcome, r.with_a_premature_outcome,
       NULL::bigint AS end_minus_outcomes, NULL::bigint AS end_minus_requests
  FROM audit.v_reconciliation r
 WHERE r.without_their_outcome <> 0 OR r.with_a_premature_outcome <> 0
    OR r.queued <> r.applied + r.unchanged + r.superseded + r.rejected + r.conflict + r.expired + r.cancelled + r.failed
                   + r.pending + r.in_flight
 UNION ALL
SELECT 'run ' || r.run_id, NULL, NULL, r.end_minus_outcomes, r.end_minus_requests
  FROM audit.v_run_reconciliation r
 WHERE r.end_minus_outcomes <> 0 OR r.end_minus_requests <> 0
 ORDER BY 1;
