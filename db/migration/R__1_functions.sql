-- Every function, once, and the triggers beside the functions that they call. Runs again whenever it changes, so everything here
-- may be run twice. A function whose parameters or result change is dropped by name first.
--
-- Three rules: a function that runs as its owner sets its search_path; nothing is for everybody (the last lines), roles get what
-- they need in R__3_grants.sql; and what looks into a table that grows does it so that statistics cannot mislead it
-- (docs/database.md): rows by their id behind OFFSET 0, equality as two bounds, and "is there one" in the order of the index.

-- ---- Append-only ----

CREATE OR REPLACE FUNCTION audit.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog
    AS $$
BEGIN
    RAISE EXCEPTION '% on %.% is refused: the audit tables are append-only', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;

-- Takes UPDATE, DELETE and TRUNCATE from a table, from its owner too.
CREATE OR REPLACE FUNCTION audit.make_append_only(relation regclass) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog
    AS $$
BEGIN
    -- A partition has its parent's row trigger, switched on ALWAYS like that one, but not its TRUNCATE trigger.
    IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = relation AND tgname = 'no_change') THEN
        EXECUTE format('CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON %s
                            FOR EACH ROW EXECUTE FUNCTION audit.refuse_change()', relation);
        -- ALWAYS: session_replication_role = replica does not switch it off.
        EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER no_change', relation);
    END IF;
    IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = relation AND tgname = 'no_truncate') THEN
        EXECUTE format('CREATE TRIGGER no_truncate BEFORE TRUNCATE ON %s
                            FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change()', relation);
        EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER no_truncate', relation);
    END IF;
END
$$;

-- Values may be deleted, by audit.erase() alone, which leaves an event. Whoever sets this by hand leaves none, and is
-- found for it.
CREATE OR REPLACE FUNCTION audit.refuse_change_but_erasure() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog
    AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('audit.erasing', true) = pg_current_xact_id()::text THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% on %.% is refused: values leave by audit.erase() only', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;

SELECT audit.make_append_only(relation::regclass)
  FROM unnest(ARRAY['audit.run', 'audit.run_end', 'audit.attempt', 'audit.outcome', 'audit.outcome_key', 'audit.event',
                    'audit.seal', 'reconciler.approval']) AS relation;

CREATE OR REPLACE TRIGGER no_change BEFORE UPDATE OR DELETE ON audit.value
    FOR EACH ROW EXECUTE FUNCTION audit.refuse_change_but_erasure();
ALTER TABLE audit.value ENABLE ALWAYS TRIGGER no_change;
SELECT audit.make_append_only('audit.value');

-- ---- One outcome per change ----

-- Fills audit.outcome_key, at one statement for a whole chunk. Runs as its owner: who inserts an outcome need not, and
-- must not, be able to write keys.
CREATE OR REPLACE FUNCTION audit.keep_outcome_unique() RETURNS trigger
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
BEGIN
    INSERT INTO audit.outcome_key (change_id, outcome_id) SELECT change_id, outcome_id FROM fresh;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION audit.make_outcomes_unique(relation regclass) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog
    AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = relation AND tgname = 'one_outcome_per_change') THEN
        EXECUTE format('CREATE TRIGGER one_outcome_per_change AFTER INSERT ON %s
                            REFERENCING NEW TABLE AS fresh
                            FOR EACH STATEMENT EXECUTE FUNCTION audit.keep_outcome_unique()', relation);
        EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER one_outcome_per_change', relation);
    END IF;
END
$$;

SELECT audit.make_outcomes_unique('audit.outcome');

-- ---- Months ----

-- What a partition needs beyond what it has from its parent.
CREATE OR REPLACE FUNCTION audit.protect_partition(parent text, partition regclass) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog
    AS $$
BEGIN
    PERFORM audit.make_append_only(partition);
    IF parent = 'outcome' THEN
        -- The parent's statement trigger does not see rows that are inserted into the partition by its name.
        PERFORM audit.make_outcomes_unique(partition);
    END IF;
END
$$;

-- Creates the partitions of this month and the next three that are missing. Months are those of UTC. Every run calls this;
-- it costs a look into the catalog when there is nothing to do.
--
-- A table gets a partition only when nobody reads it: behind a backup or `audit verify` every run would wait for one that is
-- needed in months, and everybody who settles behind it. What cannot be had at once is left to the next run; rows of a month
-- without a partition go to the default one.
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

SELECT audit.protect_partition(parent, i.inhrelid::regclass)
  FROM unnest(ARRAY['attempt', 'outcome', 'value']) AS parent
  JOIN pg_catalog.pg_inherits i ON i.inhparent = format('audit.%I', parent)::regclass;

SELECT audit.ensure_partitions();

-- The manifest under which the outcomes and attempts of a month may go; null for a month in which nothing was sealed, of which
-- there is nothing to export. An export counts from an hour after the month's end, for chunks are sealed a moment after their
-- rows (`audit export --month` takes the same hour, and waits for it).
CREATE OR REPLACE FUNCTION audit.demand_exported(month text) RETURNS text
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

-- Lets go of a whole month. Outcomes and attempts only once they were exported, under the manifest of that export. Is an
-- event itself, by which a verification knows that the rows are gone rightly. Nobody waits
-- long behind a month that is let go.
CREATE OR REPLACE FUNCTION audit.drop_month(parent text, month text, actor text, reason text) RETURNS void
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path = pg_catalog
    SET timezone = 'UTC'
    SET lock_timeout = '2s'
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

-- ---- Seals ----
--
-- The format, which `reconciler audit verify` and the verifier in the evidence pack recompute without any function of this file:
--   field  of text t:  its length in bytes, ':', t, ','      of null: '-'
--          numbers in decimal, times in microseconds since 1970, bytes in hex
--   leaf   of an attempt or an outcome: sha256 of the row in the binary form in which Postgres sends a record (record_send),
--          the name of its table first, as text. It begins with the number of columns, so with 0x00.
--          of a record of the journal: sha256(0x00 || the fields of the row, the name of its table first)
--   root   of the leaves, a tree whose nodes have up to 16 children: sha256(0x01 || children) level by level; one that is alone
--          goes up as it is
--   seal   sha256(0x02 || the fields of the seal); it names the root and the hash of the seal before it in its chain
-- A chunk's seal covers its attempts, by id, then its outcomes, by id. Partitions of a run commit side by side, so each has
-- a chain of its own; the seal of the run's end covers the heads of these chains. Everything that is not a chunk is sealed
-- in one chain, the journal, whose head stands for all.

-- Without SET search_path on purpose: only so are the next two inlined.
CREATE OR REPLACE FUNCTION audit.net(field text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN coalesce(octet_length(field)::text || ':' || field || ',', '-');

-- By the binary form, which counts from the year 2000: five times as fast as extract().
CREATE OR REPLACE FUNCTION audit.micros(moment timestamptz) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (('x' || encode(timestamptz_send(moment), 'hex'))::bit(64)::bigint + 946684800000000)::text;

-- A level is one string of hashes, cut into pieces of 16.
CREATE OR REPLACE FUNCTION audit.merkle_root(leaves bytea[]) RETURNS bytea
    LANGUAGE plpgsql IMMUTABLE
    SET search_path = pg_catalog
    AS $$
DECLARE
    level bytea := (SELECT string_agg(leaf, ''::bytea ORDER BY n) FROM unnest(leaves) WITH ORDINALITY AS l (leaf, n));
BEGIN
    WHILE octet_length(level) > 32 LOOP
        level := (SELECT string_agg(CASE WHEN octet_length(node) > 32 THEN sha256('\x01'::bytea || node) ELSE node END,
                                    ''::bytea ORDER BY at)
                    FROM (SELECT at, substr(level, at, 512) AS node
                            FROM generate_series(1, octet_length(level), 512) AS at) AS nodes);
    END LOOP;
    RETURN level;
END
$$;

-- Appends a seal to a chain. For this file only: nobody is granted it.
CREATE OR REPLACE FUNCTION audit.append_seal(new_seal bigint, new_chain text, new_kind text, run bigint, event bigint,
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
CREATE OR REPLACE FUNCTION audit.lock_journal() RETURNS void
    LANGUAGE sql
    SET search_path = pg_catalog
    RETURN pg_advisory_xact_lock(hashtextextended('audit.journal', 0));

-- Appends what a claim sent and what came of it, and the seal over both: the only way by which attempts, outcomes and values
-- get in. Ids, the time and the leaves are made here, in the statement that stores them; a trigger for each row would
-- cost twice as much as all of this. A part names a chain of the run; without one it is an outcome of no run, sealed in the
-- journal, and the caller has called audit.lock_journal() in an earlier statement.
-- record_send writes texts in the client's encoding; a client that does not speak UTF8 is turned away.
CREATE OR REPLACE FUNCTION audit.append_chunk(
        of_run bigint, of_claim bigint, part text,
        sent_for text[], sent_conversations uuid[], sent_participants uuid[], purposes text[], methods text[], paths text[],
        hashes text[], started bigint[], took bigint[], answered integer[], sent_codes text[], sent_messages text[],
        answers text[], sent_correlations text[],
        ids bigint[], sets bigint[], conversations uuid[], participants uuid[], roles text[], corrected_roles text[],
        names text[], befores text[], requests text[], standings text[], statuses text[], confirmations text[], http_statuses integer[],
        codes text[], messages text[], correlations text[], attempt_counts integer[], doubts boolean[], requesters text[],
        approvers text[]) RETURNS void
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
DECLARE
    new_seal bigint := nextval('audit.seal_seq');
    sent     bytea[];
    settled  bytea[];
BEGIN
    IF current_setting('client_encoding') <> 'UTF8' THEN
        RAISE EXCEPTION 'a chunk is appended by a client that speaks UTF8, not %', current_setting('client_encoding');
    END IF;
    WITH asked AS MATERIALIZED (
        SELECT nextval('audit.attempt_seq') AS attempt_id, a.change_ids::bigint[] AS change_ids, a.conversation_id,
               a.participant_id, a.purpose, a.method, a.path, a.request_sha256,
               to_timestamp(0) + a.started_micros * interval '1 microsecond' AS started_at, a.took_micros, a.http_status,
               a.error_code, a.error_message, a.answer, a.correlation_id, clock_timestamp() AS recorded_at
          FROM unnest(sent_for, sent_conversations, sent_participants, purposes, methods, paths, hashes, started, took, answered,
                      sent_codes, sent_messages, answers, sent_correlations)
                   AS a (change_ids, conversation_id, participant_id, purpose, method, path, request_sha256, started_micros,
                         took_micros, http_status, error_code, error_message, answer, correlation_id)
    ), request AS MATERIALIZED (
        SELECT a.*, sha256(record_send(ROW(
                   'attempt'::text, a.attempt_id, new_seal, of_run, of_claim, a.change_ids, a.conversation_id, a.participant_id,
                   a.purpose, a.method, a.path, a.request_sha256, a.started_at, a.took_micros, a.http_status, a.error_code,
                   a.error_message, a.answer, a.correlation_id, a.recorded_at))) AS leaf
          FROM asked a
    ), stored_request AS (
        INSERT INTO audit.attempt (attempt_id, seal_id, run_id, claim, change_ids, conversation_id, participant_id, purpose,
                                   method, path, request_sha256, started_at, took_micros, http_status, error_code,
                                   error_message, answer, correlation_id, recorded_at, leaf)
        SELECT r.attempt_id, new_seal, of_run, of_claim, r.change_ids, r.conversation_id, r.participant_id, r.purpose, r.method,
               r.path, r.request_sha256, r.started_at, r.took_micros, r.http_status, r.error_code, r.error_message, r.answer,
               r.correlation_id, r.recorded_at, r.leaf
          FROM request r
    ), evidence AS (
        SELECT c.change_id, sha256(string_agg(r.leaf, ''::bytea ORDER BY r.attempt_id)) AS hash
          FROM request r, unnest(r.change_ids) AS c (change_id)
         GROUP BY c.change_id
    ), given AS MATERIALIZED (
        SELECT nextval('audit.outcome_seq') AS outcome_id, o.*,
               CASE WHEN o.before_value IS NOT NULL THEN uuid_send(gen_random_uuid()) END AS before_salt,
               uuid_send(gen_random_uuid()) AS requested_salt,
               CASE WHEN o.standing_value IS NOT NULL THEN uuid_send(gen_random_uuid()) END AS standing_salt, clock_timestamp() AS occurred_at
          FROM unnest(ids, sets, conversations, participants, roles, corrected_roles, names, befores, requests, standings, statuses,
                      confirmations, http_statuses, codes, messages, correlations, attempt_counts, doubts, requesters,
                      approvers)
                   AS o (change_id, change_set_id, conversation_id, participant_id, participant_role, corrected_role,
                         attribute_name, before_value, requested_value, standing_value, status, confirmed_by, http_status, error_code,
                         error_message, correlation_id, attempts, in_doubt, requested_by, approved_by)
    ), committed AS MATERIALIZED (
        SELECT g.*, e.hash AS evidence,
               sha256(g.before_salt || convert_to(g.before_value, 'UTF8')) AS before_commit,
               sha256(g.requested_salt || convert_to(g.requested_value, 'UTF8')) AS requested_commit,
               sha256(g.standing_salt || convert_to(g.standing_value, 'UTF8')) AS standing_commit
          FROM given g LEFT JOIN evidence e USING (change_id)
    ), outcome AS MATERIALIZED (
        SELECT c.*, sha256(record_send(ROW(
                   'outcome'::text, c.outcome_id, new_seal, c.change_id, c.change_set_id, of_run, of_claim, c.conversation_id,
                   c.participant_id, c.participant_role, c.corrected_role, c.attribute_name, c.before_commit,
                   c.requested_commit, c.standing_commit, c.status, c.confirmed_by, c.http_status, c.error_code, c.error_message,
                   c.correlation_id, c.attempts, c.in_doubt, c.requested_by, c.approved_by, c.evidence, c.occurred_at)))
                   AS leaf
          FROM committed c
    ), stored_outcome AS (
        INSERT INTO audit.outcome (outcome_id, seal_id, change_id, change_set_id, run_id, claim, conversation_id, participant_id,
                                   participant_role, corrected_role, attribute_name, before_commit, requested_commit,
                                   standing_commit, status, confirmed_by, http_status, error_code, error_message, correlation_id, attempts,
                                   in_doubt, requested_by, approved_by, evidence, occurred_at, leaf)
        SELECT o.outcome_id, new_seal, o.change_id, o.change_set_id, of_run, of_claim, o.conversation_id, o.participant_id,
               o.participant_role, o.corrected_role, o.attribute_name, o.before_commit, o.requested_commit, o.standing_commit, o.status,
               o.confirmed_by, o.http_status, o.error_code, o.error_message, o.correlation_id, o.attempts, o.in_doubt,
               o.requested_by, o.approved_by, o.evidence, o.occurred_at, o.leaf
          FROM outcome o
    ), clear AS (
        INSERT INTO audit.value (outcome_id, seal_id, before_salt, before_value, requested_salt, requested_value, standing_salt,
                                 standing_value, occurred_at)
        SELECT o.outcome_id, new_seal, o.before_salt, o.before_value, o.requested_salt, o.requested_value, o.standing_salt,
               o.standing_value, o.occurred_at
          FROM outcome o
    )
    SELECT ARRAY(SELECT r.leaf FROM request r ORDER BY r.attempt_id), ARRAY(SELECT o.leaf FROM outcome o ORDER BY o.outcome_id)
      INTO sent, settled;
    IF part IS NULL THEN
        PERFORM audit.append_seal(new_seal, 'journal', 'withdrawn', NULL, NULL, sent, settled, '{}');
    ELSE
        PERFORM audit.append_seal(new_seal, 'run ' || of_run || '/' || part, 'chunk', of_run, NULL, sent, settled, '{}');
    END IF;
END
$$;

-- Records that are rare seal themselves, whoever inserts them.
CREATE OR REPLACE FUNCTION audit.seal_run() RETURNS trigger
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
               audit.net(NEW.horizon::text),
               audit.net(NEW.approval_rule)), 'UTF8'))]);
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION audit.seal_run_end() RETURNS trigger
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
                          WHERE s.run_id >= NEW.run_id AND s.run_id <= NEW.run_id AND s.kind = 'chunk'
                          ORDER BY s.chain, s.number DESC) AS h
                  ORDER BY h.chain COLLATE "C"));
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION audit.seal_event() RETURNS trigger
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

-- A look (epoch 0) takes no number of the runs. As the owner: no role of the job may draw numbers.
CREATE OR REPLACE FUNCTION audit.number_run() RETURNS trigger
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
BEGIN
    IF NEW.run_id IS NULL THEN
        NEW.run_id := CASE WHEN NEW.trigger IN ('plan', 'verify', 'undo', 'check') THEN nextval('audit.look_number')
                           ELSE nextval('audit.run_number') END;
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER number_run BEFORE INSERT ON audit.run FOR EACH ROW EXECUTE FUNCTION audit.number_run();
ALTER TABLE audit.run ENABLE ALWAYS TRIGGER number_run;

CREATE OR REPLACE TRIGGER seal AFTER INSERT ON audit.run FOR EACH ROW EXECUTE FUNCTION audit.seal_run();
CREATE OR REPLACE TRIGGER seal AFTER INSERT ON audit.run_end FOR EACH ROW EXECUTE FUNCTION audit.seal_run_end();
CREATE OR REPLACE TRIGGER seal AFTER INSERT ON audit.event FOR EACH ROW EXECUTE FUNCTION audit.seal_event();
ALTER TABLE audit.run ENABLE ALWAYS TRIGGER seal;
ALTER TABLE audit.run_end ENABLE ALWAYS TRIGGER seal;
ALTER TABLE audit.event ENABLE ALWAYS TRIGGER seal;

-- ---- Rows that were set aside ----

-- To set a row aside is an event, whoever does it. To clear it is the command's own, with its reason.
CREATE OR REPLACE FUNCTION reconciler.tell_of_what_is_set_aside() RETURNS trigger
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
BEGIN
    INSERT INTO audit.event (actor, action, object, reason, detail)
    VALUES ('reconciler', 'set aside', 'change ' || NEW.change_id, NEW.reason,
            CASE WHEN NEW.sent THEN 'a request may have been sent for it' END);
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER told AFTER INSERT ON reconciler.set_aside
    FOR EACH ROW EXECUTE FUNCTION reconciler.tell_of_what_is_set_aside();

-- ---- Personal data ----

-- Takes a participant's values out of the record and the queue. Outcomes stay, with commitments that say nothing without
-- their salts, and so the seals stay as they are. Is an event itself.
CREATE OR REPLACE FUNCTION audit.erase(participant uuid, actor text, reason text) RETURNS bigint
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
    IF (SELECT count(*) FROM reconciler.attribute_change c
         WHERE c.state = 'PENDING' AND c.participant_id = participant
           AND c.bucket >= (uuid_hash_extended(participant, 0) & 1023)
           AND c.bucket <= (uuid_hash_extended(participant, 0) & 1023)) > 0
       OR (SELECT count(*) FROM reconciler.attribute_change c
            WHERE c.state = 'IN_FLIGHT' AND c.participant_id >= participant AND c.participant_id <= participant) > 0 THEN
        RAISE EXCEPTION 'changes of participant % still wait: cancel them or let them settle first', participant
            USING ERRCODE = 'RA001';
    END IF;
    IF (SELECT count(*) FROM audit.outcome o WHERE o.participant_id >= participant AND o.participant_id <= participant) = 0 THEN
        RAISE EXCEPTION 'nothing is recorded of participant %', participant USING ERRCODE = 'RA001';
    END IF;
    PERFORM set_config('audit.erasing', pg_current_xact_id()::text, true);
    DELETE FROM audit.value v USING audit.outcome o
     WHERE o.participant_id = participant AND v.outcome_id = o.outcome_id AND v.occurred_at = o.occurred_at;
    GET DIAGNOSTICS erased = ROW_COUNT;
    PERFORM set_config('audit.erasing', '', true);
    UPDATE reconciler.attribute_change c SET attribute_value = '(erased)'
      FROM (SELECT o.change_id FROM audit.outcome o
             WHERE o.participant_id >= participant AND o.participant_id <= participant
            OFFSET 0) AS o
     WHERE c.id = ANY (ARRAY[o.change_id]);
    INSERT INTO audit.event (actor, action, object, reason, detail)
    VALUES (actor, 'erased', 'participant ' || participant, reason, erased || ' values');
    RETURN erased;
END
$$;

-- Shows the values of one change to somebody who may not read them as they like. Is an event itself.
CREATE OR REPLACE FUNCTION audit.reveal(change bigint, actor text, reason text)
    RETURNS TABLE (before_value text, requested_value text, standing_value text)
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
        SELECT v.before_value, v.requested_value, v.standing_value
          FROM audit.outcome o JOIN audit.value v ON v.outcome_id = o.outcome_id AND v.occurred_at = o.occurred_at
         WHERE o.change_id = change;
END
$$;

-- ---- What a queued row may be ----

-- Once a statement, over what it inserted: that each set exists, and is held as a foreign key would hold it; that a group is
-- whole when it begins, and such that everything about it is so for all of its rows at once: due, urgent, expired, sent.
CREATE OR REPLACE FUNCTION reconciler.refuse_unfit_changes() RETURNS trigger
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
                          WHERE a.participant_id = g.participant_id
                            AND a.atomic_group >= g.atomic_group AND a.atomic_group <= g.atomic_group
                            AND a.conversation_id = g.conversation_id AND a.change_set_id + 0 = g.change_set_id)
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'the changes of participant % in change set % cannot be applied all or not at all: %',
            unfit.participant_id, unfit.change_set_id, unfit.reason USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER changes_are_fit AFTER INSERT ON reconciler.attribute_change
    REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION reconciler.refuse_unfit_changes();

CREATE OR REPLACE FUNCTION reconciler.refuse_another_set() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog
    AS $$
BEGIN
    RAISE EXCEPTION 'a change stays in the set it was queued with' USING ERRCODE = 'foreign_key_violation';
END
$$;

CREATE OR REPLACE TRIGGER change_set_stays BEFORE UPDATE OF change_set_id ON reconciler.attribute_change
    FOR EACH ROW WHEN (OLD.change_set_id IS DISTINCT FROM NEW.change_set_id)
    EXECUTE FUNCTION reconciler.refuse_another_set();

CREATE OR REPLACE FUNCTION reconciler.refuse_another_group() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog
    AS $$
BEGIN
    RAISE EXCEPTION 'a change stays in the atomic group it was queued with' USING ERRCODE = 'check_violation';
END
$$;

CREATE OR REPLACE TRIGGER atomic_group_stays BEFORE UPDATE OF atomic_group ON reconciler.attribute_change
    FOR EACH ROW WHEN (OLD.atomic_group IS DISTINCT FROM NEW.atomic_group)
    EXECUTE FUNCTION reconciler.refuse_another_group();

CREATE OR REPLACE FUNCTION reconciler.refuse_removal_of_a_set() RETURNS trigger
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
BEGIN
    PERFORM FROM reconciler.attribute_change c
      WHERE c.change_set_id >= OLD.id AND c.change_set_id <= OLD.id
      ORDER BY c.change_set_id, c.id
      LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'change set % has changes', OLD.id USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END
$$;

CREATE OR REPLACE TRIGGER change_set_has_changes BEFORE DELETE OR UPDATE OF id ON reconciler.change_set
    FOR EACH ROW EXECUTE FUNCTION reconciler.refuse_removal_of_a_set();

-- What a row tries again is there, and stays. Looks only where there is something to look for.
CREATE OR REPLACE FUNCTION reconciler.refuse_unknown_redriven() RETURNS trigger
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

CREATE OR REPLACE TRIGGER redriven_exists AFTER INSERT OR UPDATE OF redrives ON reconciler.attribute_change
    FOR EACH ROW WHEN (NEW.redrives IS NOT NULL)
    EXECUTE FUNCTION reconciler.refuse_unknown_redriven();

CREATE OR REPLACE FUNCTION reconciler.refuse_removal_of_redriven() RETURNS trigger
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
BEGIN
    PERFORM FROM reconciler.attribute_change c WHERE c.redrives >= OLD.id AND c.redrives <= OLD.id ORDER BY c.redrives LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'change % was tried again by another', OLD.id USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER redriven_stays AFTER DELETE ON reconciler.attribute_change
    FOR EACH ROW EXECUTE FUNCTION reconciler.refuse_removal_of_redriven();

CREATE OR REPLACE TRIGGER redriven_keeps_its_id AFTER UPDATE OF id ON reconciler.attribute_change
    FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id)
    EXECUTE FUNCTION reconciler.refuse_removal_of_redriven();

-- Once a statement, however many rows; and one notification for all statements of a transaction, since equal ones are folded.
CREATE OR REPLACE FUNCTION reconciler.tell_of_urgent_changes() RETURNS trigger
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
CREATE OR REPLACE TRIGGER urgent_changes_are_told AFTER INSERT ON reconciler.attribute_change
    REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION reconciler.tell_of_urgent_changes();

-- The rows that wait to set one attribute of one participant, under whatever role, due or not. Of those that may be taken the one
-- with the greatest id wins; what "may be taken" is, each caller says of what it got. Without SET search_path on purpose: only so
-- is it inlined, as one walk along attribute_change_pending.
CREATE OR REPLACE FUNCTION reconciler.waiting_for(conversation uuid, participant uuid, attribute text)
    RETURNS TABLE (id bigint, xmin xid, conversation_id uuid, participant_id uuid, attribute_name text, participant_role text,
                   change_set_id bigint, not_before timestamptz, apply_by timestamptz, next_attempt_at timestamptz, claim bigint, settled_at timestamptz)
    LANGUAGE sql STABLE
    ROWS 1
    AS $$
SELECT a.id, a.xmin, a.conversation_id, a.participant_id, a.attribute_name, a.participant_role, a.change_set_id, a.not_before,
       a.apply_by, a.next_attempt_at, a.claim, a.settled_at
  FROM reconciler.attribute_change a
 WHERE a.state = 'PENDING'
   AND a.bucket = (uuid_hash_extended(participant, 0) & 1023)
   AND a.participant_id = participant
   AND a.attribute_name >= attribute AND a.attribute_name <= attribute
   AND a.conversation_id = conversation
OFFSET 0
$$;

-- The changes that are applied with a change or not at all, itself among them; none where it stands alone.
CREATE OR REPLACE FUNCTION reconciler.atomic_group_of(change bigint) RETURNS SETOF bigint
    LANGUAGE sql STABLE
    AS $$
SELECT m.id
  FROM (SELECT a.participant_id, a.conversation_id, a.atomic_group, a.change_set_id
          FROM reconciler.attribute_change a
         WHERE a.id = change
        OFFSET 0) AS c
 CROSS JOIN LATERAL (
       SELECT a.id
         FROM reconciler.attribute_change a
        WHERE a.participant_id = c.participant_id
          AND a.atomic_group >= c.atomic_group AND a.atomic_group <= c.atomic_group
          AND a.conversation_id = c.conversation_id AND a.change_set_id + 0 = c.change_set_id
       OFFSET 0) AS m
$$;

-- ---- Plans and approvals ----

-- Over everything a plan says and what its rows ask for. Rows are hashed one by one first, so that a long plan needs little
-- memory.
CREATE OR REPLACE FUNCTION reconciler.plan_sha256(plan bigint) RETURNS text
    LANGUAGE sql STABLE
    SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
SELECT encode(sha256(convert_to(concat(
           audit.net('plan'), audit.net(p.id::text), audit.net(p.change_set_id::text), audit.net(p.job),
           audit.net(p.job_file_sha256), audit.net(p.api), audit.net(audit.micros(p.as_of)),
           audit.net(audit.micros(p.valid_until)), audit.net(p.horizon::text), audit.net(p.sample::text),
           audit.net(r.rows::text), audit.net(r.hash)), 'UTF8')), 'hex')
  FROM reconciler.plan p
 CROSS JOIN LATERAL (
       SELECT count(*) AS rows,
              encode(sha256(coalesce(string_agg(sha256(convert_to(concat(
                  audit.net(r.change_id::text), audit.net(c.conversation_id::text), audit.net(c.participant_id::text),
                  audit.net(c.participant_role), audit.net(c.attribute_name), audit.net(c.attribute_value),
                  audit.net(r.finding), audit.net(r.superseded_by::text), audit.net(r.own_role),
                  audit.net(encode(r.before_commit, 'hex'))), 'UTF8')), ''::bytea ORDER BY r.change_id), ''::bytea)), 'hex')
                  AS hash
         FROM reconciler.plan_row r
        CROSS JOIN LATERAL (
              SELECT a.conversation_id, a.participant_id, a.participant_role, a.attribute_name, a.attribute_value
                FROM reconciler.attribute_change a
               WHERE a.id = r.change_id
              OFFSET 0) AS c
        WHERE r.plan_id >= p.id AND r.plan_id <= p.id) AS r
 WHERE p.id = plan
$$;

-- Whatever was planned or approved of a set holds no longer; but for one plan, which takes its place.
--
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

CREATE OR REPLACE FUNCTION reconciler.void_plans_of_cancelled() RETURNS trigger
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
BEGIN
    PERFORM reconciler.void_plans(NEW.change_set_id, 'rows of the change set were cancelled', NULL);
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER void_plans AFTER UPDATE OF state ON reconciler.attribute_change
    FOR EACH ROW WHEN (NEW.state = 'CANCELLED' AND NEW.change_set_id IS NOT NULL)
    EXECUTE FUNCTION reconciler.void_plans_of_cancelled();

-- Sets whose approval holds at this moment, each with the plan that was approved: it is what it was then, and nothing was added
-- to the set since. Without SET search_path on purpose: only so is it inlined, and a caller that names a set looks at that one
-- alone.
CREATE OR REPLACE FUNCTION reconciler.approved_sets() RETURNS TABLE (id bigint, plan_id bigint)
    LANGUAGE sql STABLE
    AS $$
SELECT s.id, p.id
  FROM reconciler.change_set s
 CROSS JOIN LATERAL (
       SELECT p.id, p.sha256, p.voided_at, p.horizon FROM reconciler.plan p WHERE p.id = s.approved_plan
       OFFSET 0) AS p
 WHERE s.approved_until > now()
   AND p.sha256 = s.approved_sha256
   AND p.voided_at IS NULL
   AND (SELECT true FROM reconciler.attribute_change a
         WHERE (a.change_set_id, a.id) > (s.id, p.horizon) AND a.change_set_id <= s.id
         ORDER BY a.change_set_id, a.id
         LIMIT 1) IS NULL
$$;

-- Whether a row is what somebody approved: its set's approval holds, and the row is in the plan.
CREATE OR REPLACE FUNCTION reconciler.is_approved(change bigint, change_set bigint) RETURNS boolean
    LANGUAGE sql STABLE
    SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
SELECT EXISTS (SELECT
                 FROM reconciler.approved_sets() AS s
                WHERE s.id = change_set
                  AND (SELECT true FROM reconciler.plan_row r
                        WHERE r.change_id >= change AND r.change_id <= change AND r.plan_id + 0 = s.plan_id))
$$;

-- Which of these sets need nobody's approval under a condition of a job file: no more rows than above_rows (null: however many),
-- and no attribute of these. A set says how many rows it has when all of them are there: while it is still filled, nobody can
-- tell how large it becomes. Of a larger set no row is looked at. Rows that were queued after a moment do not count, where one is
-- given.
--
-- A function, so that a statement that seldom needs it is planned as if it were not there. As its owner, since an auditor asks
-- too (v_separation_of_duty) and may not see the queue.
CREATE OR REPLACE FUNCTION reconciler.free_sets(among bigint[], above_rows integer, attributes text[],
                                                until timestamptz DEFAULT 'infinity') RETURNS SETOF bigint
    LANGUAGE sql STABLE
    SECURITY DEFINER
    COST 1 ROWS 10
    SET search_path = pg_catalog
    AS $$
SELECT s.id
  FROM reconciler.change_set s
 CROSS JOIN LATERAL (
       SELECT count(*) AS rows, bool_or(first.attribute_name = ANY (attributes)) AS named
         FROM (SELECT a.attribute_name
                 FROM reconciler.attribute_change a
                WHERE a.change_set_id >= s.id AND a.change_set_id <= s.id AND a.created_at <= until
                ORDER BY a.change_set_id, a.id
                LIMIT s.rows_queued + 1) AS first) AS c
 WHERE s.id = ANY (among)
   AND (above_rows IS NULL OR s.rows_queued <= above_rows)
   AND c.rows = s.rows_queued
   AND NOT c.named
$$;

-- What a decision needs to be true, whoever decides. Raises one sentence.
CREATE OR REPLACE FUNCTION reconciler.demand_another(change_set reconciler.change_set, alternative text) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog
    AS $$
BEGIN
    IF lower(session_user) IN (lower(change_set.requested_by), lower(change_set.queued_login))
       OR (SELECT true FROM reconciler.attribute_change c
            WHERE c.change_set_id >= change_set.id AND c.change_set_id <= change_set.id
              AND lower(c.requested_by) = lower(session_user)
            ORDER BY c.change_set_id, c.id
            LIMIT 1) THEN
        RAISE EXCEPTION 'change set % was asked for or queued by %, who you are logged in as: %', change_set.id, session_user, alternative
            USING ERRCODE = 'RA001';
    END IF;
END
$$;

-- Agrees to a plan of a set. Who does it is the database login, whatever anybody says. Is an event itself.
CREATE OR REPLACE FUNCTION reconciler.approve(set_id bigint, plan bigint, remark text, valid interval)
    RETURNS TABLE (plan_id bigint, sha256 text, valid_until timestamptz)
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
DECLARE
    of_set reconciler.change_set;
    chosen reconciler.plan;
    until  timestamptz := clock_timestamp() + valid;
BEGIN
    SELECT s.* INTO of_set FROM reconciler.change_set s WHERE s.id = set_id FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no change set %', set_id USING ERRCODE = 'RA001';
    END IF;
    PERFORM reconciler.demand_another(of_set, 'somebody else has to approve it');
    SELECT p.* INTO chosen FROM reconciler.plan p
     WHERE p.change_set_id = set_id AND p.sha256 IS NOT NULL AND (plan IS NULL OR p.id = plan)
     ORDER BY p.id DESC LIMIT 1;
    IF NOT FOUND THEN
        IF plan IS NOT NULL THEN
            RAISE EXCEPTION 'plan p_% is not a plan of change set %: `reconciler plan %` makes one', plan, set_id, set_id USING ERRCODE = 'RA001';
        END IF;
        RAISE EXCEPTION 'change set % has no plan to approve: `reconciler plan %` makes one', set_id, set_id USING ERRCODE = 'RA001';
    END IF;
    IF chosen.voided_at IS NOT NULL THEN
        RAISE EXCEPTION 'plan p_% does not hold any more (%): make and look at a new one with `reconciler plan %`',
            chosen.id, chosen.voided_because, set_id USING ERRCODE = 'RA001';
    END IF;
    IF chosen.valid_until <= clock_timestamp() THEN
        RAISE EXCEPTION 'plan p_% has expired: make and look at a new one with `reconciler plan %`', chosen.id, set_id USING ERRCODE = 'RA001';
    END IF;
    IF chosen.sample IS NOT NULL THEN
        RAISE EXCEPTION 'plan p_% is a sample: plan the whole of the set with `reconciler plan %`, without --sample', chosen.id, set_id
            USING ERRCODE = 'RA001';
    END IF;
    PERFORM FROM reconciler.attribute_change a
      WHERE (a.change_set_id, a.id) > (set_id, chosen.horizon) AND a.change_set_id <= set_id
      ORDER BY a.change_set_id, a.id
      LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'rows were added to change set % after plan p_%: make and look at a new one with `reconciler plan %`',
            set_id, chosen.id, set_id USING ERRCODE = 'RA001';
    END IF;
    PERFORM FROM reconciler.plan_row r
      CROSS JOIN LATERAL (SELECT FROM reconciler.attribute_change a
                           WHERE a.id = r.change_id AND a.settled_at IS NULL
                          OFFSET 0) AS a
      WHERE r.plan_id = chosen.id
      LIMIT 1;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'nothing of plan p_% is pending any more: there is nothing to approve', chosen.id USING ERRCODE = 'RA001';
    END IF;
    IF reconciler.plan_sha256(chosen.id) <> chosen.sha256 THEN
        RAISE EXCEPTION 'plan p_% is not what it was when it was made: make and look at a new one with `reconciler plan %`',
            chosen.id, set_id USING ERRCODE = 'RA001';
    END IF;
    INSERT INTO reconciler.approval (change_set_id, verdict, plan_id, plan_sha256, approver, requested_by, queued_login, remark,
                                     valid_until)
    VALUES (set_id, 'approved', chosen.id, chosen.sha256, session_user, of_set.requested_by, of_set.queued_login, remark, until);
    UPDATE reconciler.change_set s
       SET approved_by = session_user, approved_at = clock_timestamp(), approved_plan = chosen.id,
           approved_sha256 = chosen.sha256, approved_until = until
     WHERE s.id = set_id;
    INSERT INTO audit.event (actor, action, object, reason, detail)
    VALUES (session_user, 'approved', 'change set ' || set_id, remark, 'plan p_' || chosen.id || ' sha256:' || chosen.sha256);
    RETURN QUERY SELECT chosen.id, chosen.sha256, until;
END
$$;

-- Refuses a set: the verdict, and the end of its plans and their approval, in one transaction, since whoever rejects may be gone
-- before the first row is cancelled, and a run may give rows back that it had in flight. Whoever calls this cancels the rows. Is
-- an event itself.
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
    PERFORM FROM reconciler.attribute_change a
      WHERE a.change_set_id >= set_id AND a.change_set_id <= set_id AND a.claim IS NULL AND a.settled_at IS NULL
      ORDER BY a.change_set_id, a.id
      LIMIT 1;
    IF NOT FOUND THEN
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

-- What intake filled, for whoever asks the queue something of his own: the product's own statements need no statistics. As the
-- owner, since before Postgres 17 nobody else may. Not behind a vacuum that is under way, which will do the same.
CREATE OR REPLACE FUNCTION reconciler.analyze_queue() RETURNS void
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path = pg_catalog
    SET lock_timeout = '1s'
    AS $$
BEGIN
    ANALYZE reconciler.attribute_change, reconciler.change_set;
EXCEPTION WHEN lock_not_available THEN
    RAISE NOTICE 'reconciler.attribute_change is being vacuumed: its statistics are left to that';
END
$$;

-- ---- Which server this is ----

-- The server and the line of its history: another value means that a standby was promoted, a backup was restored to an
-- earlier point, or the tables were copied to another server. A service that hides its log answers 'unknown'.
CREATE OR REPLACE FUNCTION reconciler.server_incarnation() RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog
    AS $$
BEGIN
    RETURN (SELECT system_identifier FROM pg_control_system())
           || '/' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8);
EXCEPTION
    WHEN insufficient_privilege OR feature_not_supported OR undefined_function THEN
        RETURN 'unknown';
    -- A standby; nothing can be written there.
    WHEN object_not_in_prerequisite_state THEN
        RETURN 'in recovery';
END
$$;

-- Where work begins; whatever server comes after is noticed by the lane that works there first.
INSERT INTO reconciler.server_history (lane, server, doubtful_until)
SELECT l.name, reconciler.server_incarnation(), 0
  FROM (VALUES ('run'), ('express')) AS l (name)
 WHERE NOT EXISTS (SELECT FROM reconciler.server_history h WHERE h.lane = l.name);

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA audit, reconciler FROM PUBLIC;
