-- A month goes only under an export of all of it: one from before the month was over lacks what came after.

-- The manifest under which the outcomes and attempts of a month may go; null for a month in which nothing was sealed, of which
-- there is nothing to export. An export counts from an hour after the month's end, for chunks are sealed a moment after their
-- rows (`audit export --month` takes the same hour, and waits for it).
CREATE FUNCTION audit.demand_exported(month text) RETURNS text
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog
    SET timezone = 'UTC'
    AS $$
DECLARE
    began    timestamptz := to_date(month, 'YYYY-MM');
    whole    timestamptz := began + interval '1 month 1 hour';
    exported timestamptz;
    manifest text;
BEGIN
    SELECT e.occurred_at, e.detail INTO exported, manifest FROM audit.event e
     WHERE e.action = 'exported' AND e.object = 'audit of ' || month ORDER BY e.event_id DESC LIMIT 1;
    IF exported >= whole THEN
        RETURN manifest;
    END IF;
    IF NOT EXISTS (SELECT FROM audit.seal s WHERE s.sealed_at >= began AND s.sealed_at < whole) THEN
        RETURN NULL;
    END IF;
    IF exported IS NULL THEN
        RAISE EXCEPTION 'month % was not exported: `reconciler audit export FILE --month %` first', month, month
            USING ERRCODE = 'RA001';
    END IF;
    RAISE EXCEPTION 'month % was exported before it was over; export it again: `reconciler audit export FILE --month %` first',
                    month, month
        USING ERRCODE = 'RA001';
END
$$;

REVOKE ALL ON FUNCTION audit.demand_exported(text) FROM PUBLIC;

-- Lets go of a whole month. Outcomes and attempts only once they were exported, under the manifest of that export. Is an
-- event itself, by which a verification knows that the rows are gone rightly.
CREATE OR REPLACE FUNCTION audit.drop_month(parent text, month text, actor text, reason text) RETURNS void
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path = pg_catalog
    SET timezone = 'UTC'
    AS $$
DECLARE
    partition text := parent || '_p' || replace(month, '-', '_');
    manifest  text;
BEGIN
    IF parent NOT IN ('attempt', 'outcome', 'value') OR month !~ '^\d{4}-\d{2}$'
       OR to_regclass(format('audit.%I', partition)) IS NULL THEN
        RAISE EXCEPTION 'there is no month % of audit.%', month, parent USING ERRCODE = 'RA001';
    END IF;
    IF month >= to_char(now(), 'YYYY-MM') THEN
        RAISE EXCEPTION 'month % is not over', month USING ERRCODE = 'RA001';
    END IF;
    IF parent <> 'value' THEN
        manifest := audit.demand_exported(month);
    END IF;
    EXECUTE format('DROP TABLE audit.%I', partition);
    INSERT INTO audit.event (actor, action, object, reason, detail)
    VALUES (actor, 'dropped', format('audit.%s of %s', parent, month), reason, manifest);
END
$$;
