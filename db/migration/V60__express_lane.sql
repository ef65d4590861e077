-- The express lane: `serve` applies a row that carries an apply_by at once, beside whatever run is under way.

-- Serves "what is urgent", the most urgent first; a row without an apply_by is not in it and costs nothing more.
CREATE INDEX attribute_change_urgent ON reconciler.attribute_change (apply_by, id)
    WHERE state = 'PENDING' AND apply_by IS NOT NULL;

COMMENT ON COLUMN reconciler.attribute_change.claim IS
    'Whose hands it is in: a claim of a run is greater than zero, one of the express lane less.';

-- Once a statement, however many rows; and one notification for all statements of a transaction, since equal ones are folded.
CREATE FUNCTION reconciler.tell_of_urgent_changes() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog
    AS $$
BEGIN
    IF EXISTS (SELECT FROM fresh WHERE apply_by IS NOT NULL) THEN
        NOTIFY reconciler_urgent;
    END IF;
    RETURN NULL;
END
$$;

-- By its name it comes after changes_are_fit: what is refused is not told of.
CREATE TRIGGER urgent_changes_are_told AFTER INSERT ON reconciler.attribute_change
    REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION reconciler.tell_of_urgent_changes();

REVOKE EXECUTE ON FUNCTION reconciler.tell_of_urgent_changes() FROM PUBLIC;

ALTER TABLE audit.run
    DROP CONSTRAINT run_trigger_check,
    ADD CONSTRAINT run_trigger_check CHECK (trigger IN ('manual', 'schedule', 'probe', 'demo', 'express'));

-- The lane's runs are many and short; whoever counts looks for those that were under way at the same time.
CREATE INDEX run_of_express_lane ON audit.run (run_id) WHERE trigger = 'express';
