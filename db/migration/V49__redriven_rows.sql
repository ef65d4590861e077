-- What a row tries again is there, and stays: as the foreign key had it, which looked once for every row that is queued, and
-- kept a note of each until the statement ended. This looks where there is something to look for.

ALTER TABLE reconciler.attribute_change DROP CONSTRAINT attribute_change_redrives_fkey;

CREATE FUNCTION reconciler.refuse_unknown_redriven() RETURNS trigger
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
BEGIN
    PERFORM FROM reconciler.attribute_change c WHERE c.id = NEW.redrives FOR KEY SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no change % to try again', NEW.redrives USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER redriven_exists AFTER INSERT OR UPDATE OF redrives ON reconciler.attribute_change
    FOR EACH ROW WHEN (NEW.redrives IS NOT NULL)
    EXECUTE FUNCTION reconciler.refuse_unknown_redriven();

CREATE FUNCTION reconciler.refuse_removal_of_redriven() RETURNS trigger
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
BEGIN
    IF EXISTS (SELECT FROM reconciler.attribute_change c WHERE c.redrives = OLD.id) THEN
        RAISE EXCEPTION 'change % was tried again by another', OLD.id USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER redriven_stays AFTER DELETE ON reconciler.attribute_change
    FOR EACH ROW EXECUTE FUNCTION reconciler.refuse_removal_of_redriven();

CREATE TRIGGER redriven_keeps_its_id AFTER UPDATE OF id ON reconciler.attribute_change
    FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id)
    EXECUTE FUNCTION reconciler.refuse_removal_of_redriven();

REVOKE EXECUTE ON FUNCTION reconciler.refuse_unknown_redriven(), reconciler.refuse_removal_of_redriven() FROM PUBLIC;
