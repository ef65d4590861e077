-- Whoever decides about a set holds it first and its plans then. A withdrawal, or a plan that takes the place of another, voids
-- plans without having decided: it takes the set first too, or it and a rejection of the approved set would wait for each other.

CREATE OR REPLACE FUNCTION reconciler.void_plans(change_set bigint, because text, sparing bigint) RETURNS void
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
DECLARE
    approver text;
BEGIN
    PERFORM FROM reconciler.change_set s WHERE s.id = change_set FOR NO KEY UPDATE;
    UPDATE reconciler.plan p SET voided_at = clock_timestamp(), voided_because = because
     WHERE p.change_set_id = change_set AND p.voided_at IS NULL AND p.id IS DISTINCT FROM sparing;
    SELECT s.approved_by INTO approver FROM reconciler.change_set s WHERE s.id = change_set AND s.approved_by IS NOT NULL;
    IF FOUND THEN
        UPDATE reconciler.change_set s
           SET approved_by = NULL, approved_at = NULL, approved_plan = NULL, approved_sha256 = NULL, approved_until = NULL
         WHERE s.id = change_set;
        INSERT INTO audit.event (actor, action, object, reason, detail)
        VALUES (session_user, 'approval voided', 'change set ' || change_set, because, 'was approved by ' || approver);
    END IF;
END
$$;
