-- Which values rest on less than a plain success answer: accepted only, or read back after an answer was lost?
--   psql -d reconciler -v from="'2026-11-01T00:00Z'" -v until="'2026-12-01T00:00Z'" -f 08-applied-without-a-plain-answer.sql
SELECT o.occurred_at, o.change_id, o.conversation_id, o.participant_id, o.attribute_name, o.confirmed_by, o.in_doubt, o.attempts,
       o.http_status, o.correlation_id, o.run_id
  FROM audit.v_outcome o
 WHERE o.occurred_at >= :from::timestamptz AND o.occurred_at < :until::timestamptz
   AND o.status = 'APPLIED'
   AND (o.confirmed_by <> 'answer' OR o.in_doubt)
 ORDER BY o.outcome_id;
