-- Who changed this attribute of this participant, when, from what to what, and who approved it?
--   psql -v participant="'593b4716-4c81-4ef8-9cbb-d5bc510e246c'" -v attribute="'customer.tier'" -f 01-who-changed-this-attribute.sql
SELECT o.occurred_at, o.status, o.before_value, o.requested_value, o.requested_by, o.approved_by, s.reason, s.ticket,
       r.started_by AS executed_by, o.run_id, o.correlation_id
  FROM audit.v_outcome o
  LEFT JOIN audit.v_change_set s USING (change_set_id)
  LEFT JOIN audit.v_run r USING (run_id)
 WHERE o.participant_id = :participant::uuid
   AND o.attribute_name = :attribute
 ORDER BY o.outcome_id;
