-- A table gets a partition only when nobody reads it: behind a backup or `audit verify` every run would have waited for one
-- that is needed in months, and everybody who settles behind it. What cannot be had at once is left to the next run; rows
-- of a month without a partition go to the default one.
CREATE OR REPLACE FUNCTION audit.ensure_partitions() RETURNS integer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path = pg_catalog
    SET timezone = 'UTC'
    SET lock_timeout = '1s'
    AS $$
DECLARE
    parent  text;
    month   timestamptz;
    name    text;
    created integer := 0;
BEGIN
    FOR month, parent IN
        SELECT m.month, p.parent
          FROM generate_series(date_trunc('month', now()), date_trunc('month', now()) + interval '3 months',
                               interval '1 month') AS m (month),
               unnest(ARRAY['attempt', 'outcome', 'value']) AS p (parent)
    LOOP
        name := parent || to_char(month, '"_p"YYYY"_"MM');
        CONTINUE WHEN to_regclass('audit.' || name) IS NOT NULL;
        BEGIN
            PERFORM pg_advisory_xact_lock(hashtextextended('audit.ensure_partitions', 0));
            CONTINUE WHEN to_regclass('audit.' || name) IS NOT NULL;
            EXECUTE format('CREATE TABLE audit.%I PARTITION OF audit.%I FOR VALUES FROM (%L) TO (%L)',
                           name, parent, month, month + interval '1 month');
            PERFORM audit.protect_partition(parent, format('audit.%I', name)::regclass);
        EXCEPTION
            WHEN check_violation THEN
                -- Rows of that month are in the default partition already; they stay there, and so do those that follow.
                RAISE WARNING 'audit.%_default holds rows of %: its partition was not created', parent, to_char(month, 'YYYY-MM');
                CONTINUE;
            WHEN lock_not_available THEN
                RAISE WARNING 'audit.% is being read: its partition of % is left to the next run', parent, to_char(month, 'YYYY-MM');
                EXIT;
        END;
        created := created + 1;
    END LOOP;
    RETURN created;
END
$$;

-- Nor does anybody wait behind a month that is let go.
ALTER FUNCTION audit.drop_month(text, text, text, text) SET lock_timeout = '2s';

-- Every run counts at its end what was cancelled meanwhile.
CREATE INDEX attribute_change_cancelled ON reconciler.attribute_change (settled_at) WHERE state = 'CANCELLED';
