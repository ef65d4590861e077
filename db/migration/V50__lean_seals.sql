-- Seals that cost less to make. What changes against the format at the head of V6, for seals whose format is 2:
--   leaf   of an attempt or an outcome: sha256 of the row in the binary form in which Postgres sends a record (record_send),
--          the name of its table first, as text. It begins with the number of columns, so with 0x00. Records of the journal
--          keep their leaves.
--   root   a node has up to 16 children: sha256(0x01 || children); one that is alone goes up as it is
--   seal   its format is its last field
-- Seals made before have no format, and no field for it.

ALTER TABLE audit.seal ADD COLUMN format smallint CHECK (format = 2);

-- A level is one string of hashes, cut into pieces of 16.
CREATE FUNCTION audit.wide_root(leaves bytea[]) RETURNS bytea
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

CREATE OR REPLACE FUNCTION audit.append_seal(new_seal bigint, new_chain text, new_kind text, run bigint, event bigint,
                                             attempts bytea[], outcomes bytea[], records bytea[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog
    AS $$
DECLARE
    head   record;
    number bigint;
    root   bytea := audit.wide_root(attempts || outcomes || records);
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
                            format, hash)
    VALUES (new_seal, new_chain, number, new_kind, run, event, cardinality(attempts), cardinality(outcomes), root, before,
            moment, 2,
            sha256('\x02'::bytea || convert_to(concat(
                audit.net('seal'), audit.net(new_seal::text), audit.net(new_chain), audit.net(number::text),
                audit.net(new_kind), audit.net(run::text), audit.net(event::text), audit.net(cardinality(attempts)::text),
                audit.net(cardinality(outcomes)::text), audit.net(encode(root, 'hex')), audit.net(encode(before, 'hex')),
                audit.net(audit.micros(moment)), audit.net('2')), 'UTF8')));
END
$$;

-- Appends what a claim sent and what came of it, and the seal over both: the only way by which attempts, outcomes and values
-- get in. Ids, the time and the leaves are made here, in the statement that stores them; a trigger for each row would
-- cost twice as much as all of this. A part names a chain of the run; without one it is an outcome of no run, sealed in the
-- journal, and the caller has called audit.lock_journal() in an earlier statement.
-- record_send writes texts in the client's encoding; a client that does not speak UTF8 is turned away.
CREATE FUNCTION audit.append_chunk(
        of_run bigint, of_claim bigint, part text,
        sent_for text[], sent_conversations uuid[], sent_participants uuid[], purposes text[], methods text[], paths text[],
        hashes text[], started bigint[], took bigint[], answered integer[], sent_codes text[], sent_messages text[],
        answers text[], sent_correlations text[],
        ids bigint[], sets bigint[], conversations uuid[], participants uuid[], roles text[], corrected_roles text[],
        names text[], befores text[], requests text[], statuses text[], confirmations text[], http_statuses integer[],
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
               uuid_send(gen_random_uuid()) AS requested_salt, clock_timestamp() AS occurred_at
          FROM unnest(ids, sets, conversations, participants, roles, corrected_roles, names, befores, requests, statuses,
                      confirmations, http_statuses, codes, messages, correlations, attempt_counts, doubts, requesters,
                      approvers)
                   AS o (change_id, change_set_id, conversation_id, participant_id, participant_role, corrected_role,
                         attribute_name, before_value, requested_value, status, confirmed_by, http_status, error_code,
                         error_message, correlation_id, attempts, in_doubt, requested_by, approved_by)
    ), committed AS MATERIALIZED (
        SELECT g.*, e.hash AS evidence,
               sha256(g.before_salt || convert_to(g.before_value, 'UTF8')) AS before_commit,
               sha256(g.requested_salt || convert_to(g.requested_value, 'UTF8')) AS requested_commit
          FROM given g LEFT JOIN evidence e USING (change_id)
    ), outcome AS MATERIALIZED (
        SELECT c.*, sha256(record_send(ROW(
                   'outcome'::text, c.outcome_id, new_seal, c.change_id, c.change_set_id, of_run, of_claim, c.conversation_id,
                   c.participant_id, c.participant_role, c.corrected_role, c.attribute_name, c.before_commit,
                   c.requested_commit, c.status, c.confirmed_by, c.http_status, c.error_code, c.error_message,
                   c.correlation_id, c.attempts, c.in_doubt, c.requested_by, c.approved_by, c.evidence, c.occurred_at)))
                   AS leaf
          FROM committed c
    ), stored_outcome AS (
        INSERT INTO audit.outcome (outcome_id, seal_id, change_id, change_set_id, run_id, claim, conversation_id, participant_id,
                                   participant_role, corrected_role, attribute_name, before_commit, requested_commit,
                                   status, confirmed_by, http_status, error_code, error_message, correlation_id, attempts,
                                   in_doubt, requested_by, approved_by, evidence, occurred_at, leaf)
        SELECT o.outcome_id, new_seal, o.change_id, o.change_set_id, of_run, of_claim, o.conversation_id, o.participant_id,
               o.participant_role, o.corrected_role, o.attribute_name, o.before_commit, o.requested_commit, o.status,
               o.confirmed_by, o.http_status, o.error_code, o.error_message, o.correlation_id, o.attempts, o.in_doubt,
               o.requested_by, o.approved_by, o.evidence, o.occurred_at, o.leaf
          FROM outcome o
    ), clear AS (
        INSERT INTO audit.value (outcome_id, seal_id, before_salt, before_value, requested_salt, requested_value, occurred_at)
        SELECT o.outcome_id, new_seal, o.before_salt, o.before_value, o.requested_salt, o.requested_value, o.occurred_at
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

DROP TRIGGER leaf ON audit.attempt;
DROP TRIGGER leaf ON audit.outcome;
DROP FUNCTION audit.fill_attempt_leaf();
DROP FUNCTION audit.fill_outcome_leaf();
DROP FUNCTION audit.seal_chunk(bigint, bigint, text, bytea[], bytea[]);
DROP FUNCTION audit.seal_withdrawn(bigint, bytea[]);
DROP FUNCTION audit.merkle_root(bytea[]);

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA audit FROM PUBLIC;
