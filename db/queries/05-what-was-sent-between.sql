-- What did the job send between two moments, and what did the API answer?
--   psql -d reconciler -v from="'2026-11-23T02:00Z'" -v until="'2026-11-23T03:00Z'" -f 05-what-was-sent-between.sql
SELECT a.started_at, a.purpose, a.method, a.path, a.request_sha256, a.http_status, a.error_code, a.took_micros, a.correlation_id,
       a.run_id, a.change_ids
  FROM audit.v_attempt a
 WHERE a.recorded_at >= :from::timestamptz AND a.recorded_at < :until::timestamptz + interval '10 minutes'
   AND a.started_at >= :from::timestamptz AND a.started_at < :until::timestamptz
 ORDER BY a.started_at, a.attempt_id;
