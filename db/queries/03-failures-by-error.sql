-- What went wrong in a time, by error, the greatest group first?
--   psql -d reconciler -v from="'2026-11-01T00:00Z'" -v until="'2026-12-01T00:00Z'" -f 03-failures-by-error.sql
SELECT o.status, o.http_status, o.error_code, min(o.error_message) AS example, count(*) AS rows,
       count(DISTINCT o.conversation_id) AS conversations
  FROM audit.v_outcome o
 WHERE o.occurred_at >= :from::timestamptz AND o.occurred_at < :until::timestamptz
   AND o.status IN ('REJECTED', 'CONFLICT', 'EXPIRED', 'FAILED')
 GROUP BY o.status, o.http_status, o.error_code
 ORDER BY count(*) DESC, o.status, o.error_code;
