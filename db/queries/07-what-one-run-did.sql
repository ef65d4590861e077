-- Who started a run, under which job file and version, and what came of it, attribute by attribute?
--   psql -d reconciler -v run=12 -f 07-what-one-run-did.sql
SELECT r.run_id, r.job, r.started_at, r.ended_at, r.started_by, r.database_user, r.version, r.job_file_sha256, r.exit_code,
       o.participant_role, o.attribute_name, o.status, count(*) AS rows
  FROM audit.v_run r
  JOIN audit.v_outcome o USING (run_id)
 WHERE r.run_id = :run
 GROUP BY r.run_id, r.job, r.started_at, r.ended_at, r.started_by, r.database_user, r.version, r.job_file_sha256, r.exit_code,
          o.participant_role, o.attribute_name, o.status
 ORDER BY o.participant_role, o.attribute_name, o.status;
