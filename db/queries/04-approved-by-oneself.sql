-- Was anything approved by who asked for it, sent without the approval its job asks for, or approved afterwards? No rows: no.
--   psql -f 04-approved-by-oneself.sql
SELECT d.violation, count(*) AS rows, min(d.occurred_at) AS first, max(d.occurred_at) AS last,
       array_agg(DISTINCT d.change_set_id) AS change_sets, array_agg(DISTINCT d.run_id) AS runs
  FROM audit.v_separation_of_duty d
 GROUP BY d.violation
 ORDER BY d.violation;
