-- What was done to one conversation?
--   psql -d reconciler -v conversation="'3044f11e-3f15-43aa-b8b1-821a1894b951'" -f 02-everything-for-one-conversation.sql
SELECT o.occurred_at, o.participant_id, o.participant_role, o.corrected_role, o.attribute_name, o.status, o.confirmed_by,
       o.attempts, o.in_doubt, o.error_code, o.requested_by, o.approved_by, o.run_id
  FROM audit.v_outcome o
 WHERE o.conversation_id = :conversation::uuid
 ORDER BY o.outcome_id;
