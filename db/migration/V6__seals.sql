-- Seals: what makes a changed, removed, added or reordered row show. The format, which `reconciler audit verify` and the
-- verifier in the evidence pack recompute without any function of this file:
--   field  of text t:  its length in bytes, ':', t, ','      of null: '-'
--          numbers in decimal, UUIDs and booleans as Postgres writes them, times in microseconds since 1970, bytes in hex
--   leaf   sha256(0x00 || the fields of a row, the name of its table first)
--   root   of the leaves, as in RFC 6962: sha256(0x01 || left || right) level by level, an odd one goes up as it is
--   seal   sha256(0x02 || the fields of the seal); it names the root and the hash of the seal before it in its chain
-- A chunk's seal covers its attempts, by id, then its outcomes, by id. Partitions of a run commit side by side, so each has
-- a chain of its own; the seal of the run's end covers the heads of these chains. Everything that is not a chunk is sealed
-- in one chain, the journal, whose head stands for all.

CREATE TABLE audit.seal (
    seal_id   bigint PRIMARY KEY,
    chain     text NOT NULL,
    number    bigint NOT NULL CHECK (number > 0),
    kind      text NOT NULL CHECK (kind IN ('chunk', 'run-opened', 'run-closed', 'withdrawn', 'event')),
    run_id    bigint,
    event_id  bigint,
    attempts  integer NOT NULL,
    outcomes  integer NOT NULL,
    root      bytea NOT NULL CHECK (octet_length(root) = 32),
    previous  bytea NOT NULL CHECK (octet_length(previous) = 32),
    sealed_at timestamptz NOT NULL,
    hash      bytea NOT NULL CHECK (octet_length(hash) = 32),
    -- A fork of a chain fails here.
    CONSTRAINT one_successor_per_seal UNIQUE (chain, number)
);

CREATE INDEX seal_by_run ON audit.seal (run_id) WHERE run_id IS NOT NULL;
CREATE UNIQUE INDEX seal_by_event ON audit.seal (event_id) WHERE event_id IS NOT NULL;
CREATE UNIQUE INDEX seal_of_run ON audit.seal (run_id, kind) WHERE kind IN ('run-opened', 'run-closed');
CREATE INDEX seal_by_time ON audit.seal USING brin (sealed_at);

SELECT audit.make_append_only('audit.seal');

-- Without SET search_path on purpose: only so are the next two inlined.
CREATE FUNCTION audit.net(field text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN coalesce(octet_length(field)::text || ':' || field || ',', '-');

-- By the binary form, which counts from the year 2000: five times as fast as extract().
CREATE FUNCTION audit.micros(moment timestamptz) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (('x' || encode(timestamptz_send(moment), 'hex'))::bit(64)::bigint + 946684800000000)::text;

-- A level is one string of hashes: an element of a bytea[] is found by walking there.
CREATE FUNCTION audit.merkle_root(leaves bytea[]) RETURNS bytea
    LANGUAGE plpgsql IMMUTABLE
    SET search_path = pg_catalog
    AS $$
DECLARE
    level bytea := (SELECT string_agg(leaf, ''::bytea ORDER BY n) FROM unnest(leaves) WITH ORDINALITY AS l (leaf, n));
BEGIN
    WHILE octet_length(level) > 32 LOOP
        level := (SELECT string_agg(CASE WHEN octet_length(pair) = 64 THEN sha256('\x01'::bytea || pair) ELSE pair END,
                                    ''::bytea ORDER BY at)
                    FROM (SELECT at, substr(level, at, 64) AS pair
                            FROM generate_series(1, octet_length(level), 64) AS at) AS pairs);
    END LOOP;
    RETURN level;
END
$$;

-- A row's leaf is computed from what is stored, defaults included; what the INSERT says of it does not count.
CREATE FUNCTION audit.fill_attempt_leaf() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    NEW.leaf := sha256('\x00'::bytea || convert_to(concat(
               audit.net('attempt'), audit.net(NEW.attempt_id::text), audit.net(NEW.seal_id::text),
               audit.net(NEW.run_id::text), audit.net(NEW.claim::text),
               audit.net(array_to_string(NEW.change_ids, ' ')), audit.net(NEW.conversation_id::text),
               audit.net(NEW.participant_id::text), audit.net(NEW.purpose), audit.net(NEW.method),
               audit.net(NEW.path), audit.net(NEW.request_sha256), audit.net(audit.micros(NEW.started_at)),
               audit.net(NEW.took_micros::text), audit.net(NEW.http_status::text), audit.net(NEW.error_code),
               audit.net(NEW.error_message), audit.net(NEW.answer), audit.net(NEW.correlation_id),
               audit.net(audit.micros(NEW.recorded_at))), 'UTF8'));
    RETURN NEW;
END
$$;

CREATE FUNCTION audit.fill_outcome_leaf() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    NEW.leaf := sha256('\x00'::bytea || convert_to(concat(
               audit.net('outcome'), audit.net(NEW.outcome_id::text), audit.net(NEW.seal_id::text),
               audit.net(NEW.change_id::text), audit.net(NEW.change_set_id::text), audit.net(NEW.run_id::text),
               audit.net(NEW.claim::text), audit.net(NEW.conversation_id::text),
               audit.net(NEW.participant_id::text), audit.net(NEW.participant_role),
               audit.net(NEW.corrected_role), audit.net(NEW.attribute_name),
               audit.net(encode(NEW.before_commit, 'hex')), audit.net(encode(NEW.requested_commit, 'hex')),
               audit.net(NEW.status), audit.net(NEW.confirmed_by), audit.net(NEW.http_status::text),
               audit.net(NEW.error_code), audit.net(NEW.error_message), audit.net(NEW.correlation_id),
               audit.net(NEW.attempts::text), audit.net(NEW.in_doubt::text), audit.net(NEW.requested_by),
               audit.net(NEW.approved_by), audit.net(encode(NEW.evidence, 'hex')),
               audit.net(audit.micros(NEW.occurred_at))), 'UTF8'));
    RETURN NEW;
END
$$;

CREATE TRIGGER leaf BEFORE INSERT ON audit.attempt FOR EACH ROW EXECUTE FUNCTION audit.fill_attempt_leaf();
CREATE TRIGGER leaf BEFORE INSERT ON audit.outcome FOR EACH ROW EXECUTE FUNCTION audit.fill_outcome_leaf();
ALTER TABLE audit.attempt ENABLE ALWAYS TRIGGER leaf;
ALTER TABLE audit.outcome ENABLE ALWAYS TRIGGER leaf;

-- Appends a seal to a chain. For this file only: nobody is granted it.
CREATE FUNCTION audit.append_seal(new_seal bigint, new_chain text, new_kind text, run bigint, event bigint,
                                  attempts bytea[], outcomes bytea[], records bytea[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog
    AS $$
DECLARE
    head   record;
    number bigint;
    root   bytea := audit.merkle_root(attempts || outcomes || records);
    before bytea := decode(repeat('00', 32), 'hex');
    moment timestamptz;
BEGIN
    SELECT s.seal_id, s.number, s.hash INTO head
      FROM audit.seal s WHERE s.chain = new_chain ORDER BY s.number DESC LIMIT 1;
    number := coalesce(head.number, 0) + 1;
    before := coalesce(head.hash, before);
    IF head.seal_id >= new_seal THEN
        RAISE EXCEPTION 'seal % does not follow seal % of chain %', new_seal, head.seal_id, new_chain;
    END IF;
    IF root IS NULL THEN
        RAISE EXCEPTION 'nothing to seal';
    END IF;
    moment := clock_timestamp();
    INSERT INTO audit.seal (seal_id, chain, number, kind, run_id, event_id, attempts, outcomes, root, previous, sealed_at,
                            hash)
    VALUES (new_seal, new_chain, number, new_kind, run, event, cardinality(attempts), cardinality(outcomes), root, before,
            moment,
            sha256('\x02'::bytea || convert_to(concat(
                audit.net('seal'), audit.net(new_seal::text), audit.net(new_chain), audit.net(number::text),
                audit.net(new_kind), audit.net(run::text), audit.net(event::text), audit.net(cardinality(attempts)::text),
                audit.net(cardinality(outcomes)::text), audit.net(encode(root, 'hex')), audit.net(encode(before, 'hex')),
                audit.net(audit.micros(moment))), 'UTF8')));
END
$$;

-- One writer at a time, until its transaction ends. Short: nothing in it waits for anybody.
CREATE FUNCTION audit.lock_journal() RETURNS void
    LANGUAGE sql
    SET search_path = pg_catalog
    RETURN pg_advisory_xact_lock(hashtextextended('audit.journal', 0));

-- Seals a chunk of a run, in the chunk's transaction. Partitions have chains of their own and do not wait for each other.
CREATE FUNCTION audit.seal_chunk(new_seal bigint, run bigint, part text, attempts bytea[], outcomes bytea[]) RETURNS void
    LANGUAGE sql
    SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
SELECT audit.append_seal(new_seal, 'run ' || run || '/' || part, 'chunk', run, NULL, attempts, outcomes, '{}');
$$;

-- Seals outcomes of no run; the caller has called audit.lock_journal() in an earlier statement.
CREATE FUNCTION audit.seal_withdrawn(new_seal bigint, outcomes bytea[]) RETURNS void
    LANGUAGE sql
    SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
SELECT audit.append_seal(new_seal, 'journal', 'withdrawn', NULL, NULL, '{}', outcomes, '{}');
$$;

-- Records that are rare seal themselves, whoever inserts them.
CREATE FUNCTION audit.seal_run() RETURNS trigger
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
BEGIN
    PERFORM audit.lock_journal();
    PERFORM audit.append_seal(nextval('audit.seal_seq'), 'journal', 'run-opened', NEW.run_id, NULL, '{}', '{}', ARRAY[
        sha256('\x00'::bytea || convert_to(concat(
               audit.net('run'), audit.net(NEW.run_id::text), audit.net(NEW.job),
               audit.net(audit.micros(NEW.started_at)), audit.net(NEW.trigger),
               audit.net(audit.micros(NEW.scheduled_for)), audit.net(NEW.started_by),
               audit.net(NEW.database_user), audit.net(NEW.host), audit.net(NEW.version),
               audit.net(NEW.job_file_sha256), audit.net(NEW.job_file), audit.net(NEW.api),
               audit.net(NEW.contract), audit.net(NEW.epoch::text), audit.net(NEW.planned::text),
               audit.net(NEW.horizon::text)), 'UTF8'))]);
    RETURN NULL;
END
$$;

CREATE FUNCTION audit.seal_run_end() RETURNS trigger
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
BEGIN
    PERFORM audit.lock_journal();
    PERFORM audit.append_seal(nextval('audit.seal_seq'), 'journal', 'run-closed', NEW.run_id, NULL, '{}', '{}', ARRAY[
        sha256('\x00'::bytea || convert_to(concat(
               audit.net('run_end'), audit.net(NEW.run_id::text), audit.net(audit.micros(NEW.ended_at)),
               audit.net(NEW.exit_code::text), audit.net(NEW.explanation), audit.net(NEW.applied::text),
               audit.net(NEW.unchanged::text), audit.net(NEW.superseded::text), audit.net(NEW.rejected::text),
               audit.net(NEW.conflict::text), audit.net(NEW.expired::text), audit.net(NEW.failed::text),
               audit.net(NEW.pending::text), audit.net(NEW.requests::text), audit.net(NEW.throttled::text)), 'UTF8'))]
        || ARRAY(SELECT sha256('\x00'::bytea || convert_to(concat(
                           audit.net('head'), audit.net(h.chain), audit.net(h.number::text),
                           audit.net(encode(h.hash, 'hex'))), 'UTF8'))
                   FROM (SELECT DISTINCT ON (s.chain) s.chain, s.number, s.hash
                           FROM audit.seal s
                          WHERE s.run_id = NEW.run_id AND s.kind = 'chunk'
                          ORDER BY s.chain, s.number DESC) AS h
                  ORDER BY h.chain COLLATE "C"));
    RETURN NULL;
END
$$;

CREATE FUNCTION audit.seal_event() RETURNS trigger
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
BEGIN
    PERFORM audit.lock_journal();
    PERFORM audit.append_seal(nextval('audit.seal_seq'), 'journal', 'event', NULL, NEW.event_id, '{}', '{}', ARRAY[
        sha256('\x00'::bytea || convert_to(concat(
               audit.net('event'), audit.net(NEW.event_id::text), audit.net(audit.micros(NEW.occurred_at)),
               audit.net(NEW.actor), audit.net(NEW.database_user), audit.net(NEW.action),
               audit.net(NEW.object), audit.net(NEW.reason), audit.net(NEW.detail)), 'UTF8'))]);
    RETURN NULL;
END
$$;

CREATE TRIGGER seal AFTER INSERT ON audit.run FOR EACH ROW EXECUTE FUNCTION audit.seal_run();
CREATE TRIGGER seal AFTER INSERT ON audit.run_end FOR EACH ROW EXECUTE FUNCTION audit.seal_run_end();
CREATE TRIGGER seal AFTER INSERT ON audit.event FOR EACH ROW EXECUTE FUNCTION audit.seal_event();
ALTER TABLE audit.run ENABLE ALWAYS TRIGGER seal;
ALTER TABLE audit.run_end ENABLE ALWAYS TRIGGER seal;
ALTER TABLE audit.event ENABLE ALWAYS TRIGGER seal;

-- Everything that was queued is somewhere: the last two columns are 0.
CREATE VIEW audit.v_reconciliation AS
    SELECT c.change_set_id,
           count(*)                                          AS queued,
           count(*) FILTER (WHERE c.state = 'APPLIED')       AS applied,
           count(*) FILTER (WHERE c.state = 'UNCHANGED')     AS unchanged,
           count(*) FILTER (WHERE c.state = 'SUPERSEDED')    AS superseded,
           count(*) FILTER (WHERE c.state = 'REJECTED')      AS rejected,
           count(*) FILTER (WHERE c.state = 'CONFLICT')      AS conflict,
           count(*) FILTER (WHERE c.state = 'EXPIRED')       AS expired,
           count(*) FILTER (WHERE c.state = 'CANCELLED')     AS cancelled,
           count(*) FILTER (WHERE c.state = 'FAILED')        AS failed,
           count(*) FILTER (WHERE c.state = 'PENDING')       AS pending,
           count(*) FILTER (WHERE c.state = 'IN_FLIGHT')     AS in_flight,
           count(*) FILTER (WHERE c.settled_at IS NOT NULL AND o.status IS DISTINCT FROM c.state) AS without_their_outcome,
           count(*) FILTER (WHERE c.settled_at IS NULL AND o.change_id IS NOT NULL)               AS with_a_premature_outcome
      FROM reconciler.attribute_change c LEFT JOIN audit.outcome o ON o.change_id = c.id
     GROUP BY c.change_set_id;

-- The same for each run: what it planned against what it settled, by its own end and by the outcomes themselves.
CREATE VIEW audit.v_run_reconciliation AS
    SELECT r.run_id, r.job, r.started_at, e.ended_at, r.planned,
           o.outcomes, o.applied, o.unchanged, o.superseded, o.rejected, o.conflict, o.expired, o.failed,
           e.pending,
           -- 0, or the run's end names other counts than its outcomes add up to; null while it runs.
           e.applied + e.unchanged + e.superseded + e.rejected + e.conflict + e.expired + e.failed - o.outcomes
               AS end_minus_outcomes,
           o.requests, e.requests - o.requests AS end_minus_requests
      FROM audit.run r
      LEFT JOIN audit.run_end e USING (run_id)
     CROSS JOIN LATERAL (
           SELECT count(*)                                       AS outcomes,
                  count(*) FILTER (WHERE status = 'APPLIED')     AS applied,
                  count(*) FILTER (WHERE status = 'UNCHANGED')   AS unchanged,
                  count(*) FILTER (WHERE status = 'SUPERSEDED')  AS superseded,
                  count(*) FILTER (WHERE status = 'REJECTED')    AS rejected,
                  count(*) FILTER (WHERE status = 'CONFLICT')    AS conflict,
                  count(*) FILTER (WHERE status = 'EXPIRED')     AS expired,
                  count(*) FILTER (WHERE status = 'FAILED')      AS failed,
                  (SELECT count(*) FROM audit.attempt a WHERE a.run_id = r.run_id) AS requests
             FROM audit.outcome o WHERE o.run_id = r.run_id) AS o;

-- Who asks, who approves and who executes are different people where the rules say so: this is empty.
CREATE VIEW audit.v_separation_of_duty AS
    SELECT o.outcome_id, o.change_id, o.change_set_id, o.run_id, o.seal_id, o.requested_by, o.approved_by, r.started_by,
           o.occurred_at, v.violation
      FROM audit.outcome o
      LEFT JOIN audit.run r USING (run_id)
      LEFT JOIN reconciler.change_set s ON s.id = o.change_set_id
     CROSS JOIN LATERAL (VALUES
           (CASE WHEN o.approved_by = o.requested_by THEN 'approved by its own requester' END),
           (CASE WHEN o.approved_by = s.requested_by AND s.requested_by <> o.requested_by
                 THEN 'approved by who queued the set' END),
           (CASE WHEN o.attempts > 0 AND o.approved_by IS NULL AND r.job_file ~ 'approval:\s*required'
                 THEN 'sent without the approval that the job asks for' END),
           (CASE WHEN o.attempts > 0 AND o.approved_by IS NOT NULL AND s.approved_at > o.occurred_at
                 THEN 'approved after it was sent' END)) AS v (violation)
     WHERE v.violation IS NOT NULL;

-- Who asked for a set, why, and who approved it.
CREATE VIEW audit.v_change_set AS
    SELECT id AS change_set_id, created_at, requested_by, reason, ticket, source_name, source_sha256, rows_queued, rows_refused,
           approved_by, approved_at
      FROM reconciler.change_set;

-- Takes a participant's values out of the record and the queue. Outcomes stay, with commitments that say nothing without
-- their salts, and so the seals stay as they are. Is an event itself.
CREATE FUNCTION audit.erase(participant uuid, actor text, reason text) RETURNS bigint
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
DECLARE
    erased bigint;
BEGIN
    IF btrim(coalesce(reason, '')) = '' THEN
        RAISE EXCEPTION 'an erasure needs a reason' USING ERRCODE = 'RA001';
    END IF;
    IF EXISTS (SELECT FROM reconciler.attribute_change c
                WHERE c.participant_id = participant AND c.state = 'PENDING')
       OR EXISTS (SELECT FROM reconciler.attribute_change c
                   WHERE c.participant_id = participant AND c.state = 'IN_FLIGHT') THEN
        RAISE EXCEPTION 'changes of participant % still wait: cancel them or let them settle first', participant
            USING ERRCODE = 'RA001';
    END IF;
    IF NOT EXISTS (SELECT FROM audit.outcome o WHERE o.participant_id = participant) THEN
        RAISE EXCEPTION 'nothing is recorded of participant %', participant USING ERRCODE = 'RA001';
    END IF;
    PERFORM set_config('audit.erasing', pg_current_xact_id()::text, true);
    DELETE FROM audit.value v USING audit.outcome o
     WHERE o.participant_id = participant AND v.outcome_id = o.outcome_id AND v.occurred_at = o.occurred_at;
    GET DIAGNOSTICS erased = ROW_COUNT;
    PERFORM set_config('audit.erasing', '', true);
    UPDATE reconciler.attribute_change c SET attribute_value = '(erased)'
     WHERE c.id IN (SELECT o.change_id FROM audit.outcome o WHERE o.participant_id = participant);
    INSERT INTO audit.event (actor, action, object, reason, detail)
    VALUES (actor, 'erased', 'participant ' || participant, reason, erased || ' values');
    RETURN erased;
END
$$;

-- Shows the values of one change to somebody who may not read them as they like. Is an event itself.
CREATE FUNCTION audit.reveal(change bigint, actor text, reason text)
    RETURNS TABLE (before_value text, requested_value text)
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
BEGIN
    IF btrim(coalesce(reason, '')) = '' THEN
        RAISE EXCEPTION 'a reveal needs a reason' USING ERRCODE = 'RA001';
    END IF;
    INSERT INTO audit.event (actor, action, object, reason)
    VALUES (actor, 'revealed', 'change ' || change, reason);
    RETURN QUERY
        SELECT v.before_value, v.requested_value
          FROM audit.outcome o JOIN audit.value v ON v.outcome_id = o.outcome_id AND v.occurred_at = o.occurred_at
         WHERE o.change_id = change;
END
$$;

-- Lets go of a whole month. Outcomes and attempts only once they were exported, under the manifest of that export. Is an
-- event itself, by which a verification knows that the rows are gone rightly.
CREATE FUNCTION audit.drop_month(parent text, month text, actor text, reason text) RETURNS void
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
        SELECT e.detail INTO manifest FROM audit.event e
         WHERE e.action = 'exported' AND e.object = 'audit of ' || month ORDER BY e.event_id DESC LIMIT 1;
        IF manifest IS NULL THEN
            RAISE EXCEPTION 'month % was not exported: `reconciler audit export --month %` first', month, month
                USING ERRCODE = 'RA001';
        END IF;
    END IF;
    EXECUTE format('DROP TABLE audit.%I', partition);
    INSERT INTO audit.event (actor, action, object, reason, detail)
    VALUES (actor, 'dropped', format('audit.%s of %s', parent, month), reason, manifest);
END
$$;

-- Nothing here is for everybody; the roles of db/roles get what they need after each migration.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA audit FROM PUBLIC;
