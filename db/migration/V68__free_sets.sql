-- Which of these sets need nobody's approval under a condition of a job file: no more rows than above_rows (null: however many),
-- and no attribute of these. A set says how many rows it has when all of them are there: while it is still filled, nobody can
-- tell how large it becomes. Of a larger set no row is looked at.
--
-- A function, so that a statement that seldom needs it is planned as if it were not there.
CREATE FUNCTION reconciler.free_sets(among bigint[], above_rows integer, attributes text[]) RETURNS SETOF bigint
    LANGUAGE sql STABLE
    COST 1 ROWS 10
    SET search_path = pg_catalog
    AS $$
SELECT s.id
  FROM reconciler.change_set s
 CROSS JOIN LATERAL (
       SELECT count(*) AS rows, bool_or(first.attribute_name = ANY (attributes)) AS named
         FROM (SELECT a.attribute_name
                 FROM reconciler.attribute_change a
                WHERE a.change_set_id = s.id
                LIMIT s.rows_queued + 1) AS first) AS c
 WHERE s.id = ANY (among)
   AND (above_rows IS NULL OR s.rows_queued <= above_rows)
   AND c.rows = s.rows_queued
   AND NOT c.named
$$;

REVOKE EXECUTE ON FUNCTION reconciler.free_sets(bigint[], integer, text[]) FROM PUBLIC;
