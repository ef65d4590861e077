-- What did one person ask for in a time, and what became of it?
--   psql -d reconciler -v person="'kim'" -v from="'2026-11-01T00:00Z'" -v until="'2026-12-01T00:00Z'" -f 06-what-one-person-asked-for.sql
SELECT o.change_set_id, s.reason, s.ticket, o.status, count(*) AS rows, min(o.occurred_at) AS first, max(o.occurred_at) AS last
  FROM audit.v_outcome o
  LEFT JOIN audit.v_change_set s USING (change_set_id)
 WHERE o.requested_by = :person
   AND o.occurred_at >= :from::timestamptz AND o.occurred_at < :until::timestamptz
 GROUP BY o.change_set_id, s.reason, s.ticket, o.status
 ORDER BY o.change_set_id, o.status;
