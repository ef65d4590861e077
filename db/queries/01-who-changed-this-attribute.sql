-- Who changed this attribute of this participant, when, from what to what; who approved it, on what plan; who executed it?
--   psql -d reconciler -v participant="'593b4716-4c81-4ef8-9cbb-d5bc510e246c'" -v attribute="'customer.tier'" -f 01-who-changed-this-attribute.sql
SELECT o.occurred_at, o.status, o.before_value, o.requested_value, a.requested_by, a.reason, a.ticket, a.approved_by,
       a.approved_at, a.plan_id, a.plan_sha256, a.executed_by, o.run_id, a.job_file_sha256, a.version, o.correlation_id
  FROM audit.v_outcome o
  JOIN audit.v_accountability a ON a.outcome_id = o.outcome_id AND a.occurred_at = o.occurred_at
 WHERE o.participant_id = :participant::uuid
   AND o.attribute_name = :attribute
 ORDER BY o.outcome_id;
