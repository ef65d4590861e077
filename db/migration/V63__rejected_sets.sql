-- A rejection ends whatever approval the set had, in the transaction that records it: whoever rejected may be gone before the
-- first row is cancelled, and a run may give rows back that it had in flight.

-- Refuses a set: the verdict, and the end of its plans and their approval; whoever calls this cancels the rows. Is an event
-- itself.
CREATE OR REPLACE FUNCTION reconciler.reject(set_id bigint, remark text) RETURNS void
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
DECLARE
    of_set reconciler.change_set;
    chosen reconciler.plan;
BEGIN
    SELECT s.* INTO of_set FROM reconciler.change_set s WHERE s.id = set_id FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no change set %', set_id USING ERRCODE = 'RA001';
    END IF;
    PERFORM reconciler.demand_another(of_set, format('`reconciler cancel %s` withdraws it', set_id));
    IF NOT EXISTS (SELECT FROM reconciler.attribute_change a WHERE a.change_set_id = set_id AND a.state = 'PENDING') THEN
        RAISE EXCEPTION 'nothing of change set % is pending any more: there is nothing to reject', set_id USING ERRCODE = 'RA001';
    END IF;
    SELECT p.* INTO chosen FROM reconciler.plan p
     WHERE p.change_set_id = set_id AND p.sha256 IS NOT NULL AND p.voided_at IS NULL ORDER BY p.id DESC LIMIT 1;
    INSERT INTO reconciler.approval (change_set_id, verdict, plan_id, plan_sha256, approver, requested_by, queued_login, remark)
    VALUES (set_id, 'rejected', chosen.id, chosen.sha256, session_user, of_set.requested_by, of_set.queued_login, remark);
    INSERT INTO audit.event (actor, action, object, reason, detail)
    VALUES (session_user, 'rejected', 'change set ' || set_id, remark,
            'plan p_' || chosen.id || ' sha256:' || chosen.sha256);
    PERFORM reconciler.void_plans(set_id, 'the change set was rejected', NULL);
END
$$;
