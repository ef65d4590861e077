-- What is applied all or not at all: the rows of one participant that a file asked for with --atomic, and whatever tries them
-- again or takes them back.

ALTER TABLE reconciler.attribute_change
    -- Rows of one participant and one set that carry the same number are one group: one request carries all of it. It is the
    -- number of the set that asked for it first, and a later set that tries the rows again keeps it. Null, which costs nothing,
    -- where a row stands alone.
    ADD COLUMN atomic_group bigint,
    ADD CONSTRAINT an_atomic_group_is_of_a_set CHECK (atomic_group IS NULL OR change_set_id IS NOT NULL);

CREATE INDEX attribute_change_atomic ON reconciler.attribute_change (participant_id, atomic_group, id)
    WHERE atomic_group IS NOT NULL;

-- The changes that are applied with a change or not at all, itself among them; none where it stands alone.
CREATE FUNCTION reconciler.atomic_group_of(change bigint) RETURNS SETOF bigint
    LANGUAGE sql STABLE
    AS $$
SELECT m.id
  FROM reconciler.attribute_change c
  JOIN reconciler.attribute_change m
    ON m.participant_id = c.participant_id AND m.conversation_id = c.conversation_id
   AND m.atomic_group = c.atomic_group AND m.change_set_id = c.change_set_id
 WHERE c.id = change
$$;

-- Once a statement, over what it inserted: that each set exists, and is held as a foreign key would hold it; that a group is
-- whole when it begins, and such that everything about it is so for all of its rows at once: due, urgent, expired, sent.
CREATE FUNCTION reconciler.refuse_unfit_changes() RETURNS trigger
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
DECLARE
    wanted  bigint[];
    grouped boolean;
    unknown bigint;
    unfit   record;
BEGIN
    SELECT array_agg(s.change_set_id) FILTER (WHERE s.change_set_id IS NOT NULL), bool_or(s.grouped)
      INTO wanted, grouped
      FROM (SELECT change_set_id, bool_or(atomic_group IS NOT NULL) AS grouped FROM fresh GROUP BY change_set_id) AS s;
    IF wanted IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM FROM reconciler.change_set WHERE id = ANY (wanted) FOR KEY SHARE;
    SELECT w INTO unknown
      FROM unnest(wanted) AS w
     WHERE NOT EXISTS (SELECT FROM reconciler.change_set s WHERE s.id = w)
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'there is no change set %', unknown USING ERRCODE = 'foreign_key_violation';
    END IF;
    SELECT s.id INTO unknown
      FROM reconciler.change_set s
     WHERE s.id = ANY (wanted) AND s.atomic
       AND EXISTS (SELECT FROM fresh f WHERE f.change_set_id = s.id AND f.atomic_group IS NULL)
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'change set % is atomic: its changes need an atomic_group, such as its number', unknown
            USING ERRCODE = 'check_violation';
    END IF;
    IF NOT grouped THEN
        RETURN NULL;
    END IF;
    SELECT g.participant_id, g.change_set_id,
           CASE WHEN g.changes <> g.attributes THEN 'an attribute is named twice'
                WHEN g.kinds > 1 THEN 'they have not all the same role, not_before, apply_by and priority'
                WHEN g.bytes > 512000 THEN 'a request of ' || g.bytes || ' bytes is more than the 512000 that the API takes'
                ELSE 'some of them were queued before'
           END AS reason
      INTO unfit
      FROM (SELECT conversation_id, participant_id, change_set_id, atomic_group,
                   count(*) AS changes, count(DISTINCT attribute_name) AS attributes,
                   count(DISTINCT (participant_role, not_before, apply_by, priority)) AS kinds,
                   -- {"type":"contact","participantAttributes":{"name":"value"}}
                   sum(octet_length(to_json(attribute_name)::text) + octet_length(to_json(attribute_value)::text) + 2)
                       + 37 + max(octet_length(participant_role)) AS bytes
              FROM fresh
             WHERE atomic_group IS NOT NULL
             GROUP BY conversation_id, participant_id, change_set_id, atomic_group) AS g
     WHERE g.changes <> g.attributes OR g.kinds > 1 OR g.bytes > 512000
        OR g.changes <> (SELECT count(*) FROM reconciler.attribute_change a
                          WHERE a.participant_id = g.participant_id AND a.atomic_group = g.atomic_group
                            AND a.conversation_id = g.conversation_id AND a.change_set_id = g.change_set_id)
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'the changes of participant % in change set % cannot be applied all or not at all: %',
            unfit.participant_id, unfit.change_set_id, unfit.reason USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;

DROP TRIGGER change_set_exists ON reconciler.attribute_change;
DROP FUNCTION reconciler.refuse_unknown_sets();

CREATE TRIGGER changes_are_fit AFTER INSERT ON reconciler.attribute_change
    REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION reconciler.refuse_unfit_changes();

CREATE FUNCTION reconciler.refuse_another_group() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog
    AS $$
BEGIN
    RAISE EXCEPTION 'a change stays in the atomic group it was queued with' USING ERRCODE = 'check_violation';
END
$$;

CREATE TRIGGER atomic_group_stays BEFORE UPDATE OF atomic_group ON reconciler.attribute_change
    FOR EACH ROW WHEN (OLD.atomic_group IS DISTINCT FROM NEW.atomic_group)
    EXECUTE FUNCTION reconciler.refuse_another_group();

REVOKE EXECUTE ON FUNCTION reconciler.atomic_group_of(bigint), reconciler.refuse_unfit_changes(),
                           reconciler.refuse_another_group() FROM PUBLIC;
