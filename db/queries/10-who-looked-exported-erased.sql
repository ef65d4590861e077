-- What did people do besides runs: queue, approve, cancel, reveal, export, erase, drop a month?
--   psql -d reconciler -v from="'2026-11-01T00:00Z'" -v until="'2026-12-01T00:00Z'" -f 10-who-looked-exported-erased.sql
SELECT e.occurred_at, e.actor, e.database_user, e.action, e.object, e.reason, e.detail
  FROM audit.v_event e
 WHERE e.occurred_at >= :from::timestamptz AND e.occurred_at < :until::timestamptz
 ORDER BY e.event_id;
