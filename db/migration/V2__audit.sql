-- The record: who asked, what was sent, what came of it. Append-only.

CREATE SCHEMA IF NOT EXISTS audit;

CREATE TABLE audit.run (
    run_id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    job             text NOT NULL,
    started_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    trigger         text NOT NULL CHECK (trigger IN ('manual', 'schedule', 'probe', 'demo')),
    -- The instant of the schedule that this run serves; null for a run by hand.
    scheduled_for   timestamptz,
    started_by      text NOT NULL,
    database_user   text NOT NULL DEFAULT session_user,
    host            text NOT NULL,
    version         text NOT NULL,
    job_file_sha256 text NOT NULL,
    job_file        text NOT NULL,
    api             text NOT NULL,
    contract        text NOT NULL,
    epoch           bigint NOT NULL,
    -- Rows in scope when the run began, and the greatest id among them.
    planned         bigint NOT NULL,
    horizon         bigint NOT NULL
);

CREATE INDEX run_by_schedule ON audit.run (job, scheduled_for);

-- A table of its own, so that a run's row is never updated.
CREATE TABLE audit.run_end (
    run_id      bigint PRIMARY KEY REFERENCES audit.run (run_id),
    ended_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- Null for a run that died: its successor writes this row.
    exit_code   integer,
    explanation text NOT NULL,
    applied     bigint NOT NULL,
    unchanged   bigint NOT NULL,
    superseded  bigint NOT NULL,
    rejected    bigint NOT NULL,
    conflict    bigint NOT NULL,
    expired     bigint NOT NULL,
    failed      bigint NOT NULL,
    pending     bigint NOT NULL,
    requests    bigint NOT NULL,
    throttled   bigint NOT NULL
);

-- Every seal, and every row under it, carries one number of this sequence (V6).
CREATE SEQUENCE audit.seal_seq;

-- Sequences of their own: a partitioned table may have identity columns from Postgres 17 only.
CREATE SEQUENCE audit.attempt_seq;
CREATE SEQUENCE audit.outcome_seq;

-- One row per request on the wire.
CREATE TABLE audit.attempt (
    attempt_id      bigint NOT NULL DEFAULT nextval('audit.attempt_seq'),
    seal_id         bigint NOT NULL,
    run_id          bigint NOT NULL,
    claim           bigint NOT NULL,
    change_ids      bigint[] NOT NULL,
    conversation_id uuid NOT NULL,
    participant_id  uuid NOT NULL,
    purpose         text NOT NULL CHECK (purpose IN ('PATCH', 'BEFORE_IMAGE', 'ROLE', 'READ_BACK')),
    method          text NOT NULL,
    path            text NOT NULL,
    request_sha256  text,
    -- By the clock of the host that sent it.
    started_at      timestamptz NOT NULL,
    took_micros     bigint NOT NULL,
    http_status     integer,
    error_code      text,
    error_message   text,
    -- The error body as it came, bounded.
    answer          text,
    correlation_id  text,
    -- By the database's clock; decides the month.
    recorded_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- sha256 over all of the above; set by a trigger (V6).
    leaf            bytea NOT NULL,
    PRIMARY KEY (attempt_id, recorded_at)
) PARTITION BY RANGE (recorded_at);

CREATE INDEX attempt_by_seal ON audit.attempt (seal_id);
CREATE INDEX attempt_by_participant ON audit.attempt (participant_id, attempt_id);
CREATE INDEX attempt_by_run ON audit.attempt (run_id, attempt_id);
-- Ranges of time: a few pages for a whole month.
CREATE INDEX attempt_by_time ON audit.attempt USING brin (recorded_at);

-- One row per terminal state. The values stand elsewhere and can be erased; here are commitments to them.
CREATE TABLE audit.outcome (
    outcome_id       bigint NOT NULL DEFAULT nextval('audit.outcome_seq'),
    seal_id          bigint NOT NULL,
    change_id        bigint NOT NULL,
    change_set_id    bigint,
    -- Null for a row that was cancelled outside a run.
    run_id           bigint,
    claim            bigint,
    conversation_id  uuid NOT NULL,
    participant_id   uuid NOT NULL,
    participant_role text NOT NULL,
    corrected_role   text,
    attribute_name   text NOT NULL,
    -- sha256(salt || value); null where there was no value.
    before_commit    bytea CHECK (octet_length(before_commit) = 32),
    requested_commit bytea NOT NULL CHECK (octet_length(requested_commit) = 32),
    status           text NOT NULL CHECK (status IN (
                         'APPLIED', 'UNCHANGED', 'SUPERSEDED', 'REJECTED', 'CONFLICT', 'EXPIRED', 'CANCELLED', 'FAILED')),
    confirmed_by     text CHECK (confirmed_by IN ('answer', 'accepted', 'read-back')),
    http_status      integer,
    error_code       text,
    error_message    text,
    correlation_id   text,
    attempts         integer NOT NULL,
    in_doubt         boolean NOT NULL,
    requested_by     text NOT NULL,
    approved_by      text,
    -- sha256 over the leaves of the attempts under the same seal that were made for this change; null for none.
    evidence         bytea CHECK (octet_length(evidence) = 32),
    -- By the database's clock; decides the month.
    occurred_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- sha256 over all of the above; set by a trigger (V6).
    leaf             bytea NOT NULL,
    PRIMARY KEY (outcome_id, occurred_at),
    CONSTRAINT applied_means_confirmed CHECK ((status = 'APPLIED') = (confirmed_by IS NOT NULL))
) PARTITION BY RANGE (occurred_at);

CREATE INDEX outcome_by_seal ON audit.outcome (seal_id);
CREATE INDEX outcome_by_change ON audit.outcome (change_id);
CREATE INDEX outcome_by_run ON audit.outcome (run_id, outcome_id);
CREATE INDEX outcome_by_participant ON audit.outcome (participant_id, outcome_id);
CREATE INDEX outcome_by_conversation ON audit.outcome (conversation_id);
CREATE INDEX outcome_by_set ON audit.outcome (change_set_id, outcome_id) WHERE change_set_id IS NOT NULL;
CREATE INDEX outcome_by_time ON audit.outcome USING brin (occurred_at);

-- Exactly one terminal outcome per change: the database refuses a second. A unique key on a partitioned table would have
-- to include the month, so the key has a table of its own; a trigger on audit.outcome fills it, nobody else may.
CREATE TABLE audit.outcome_key (
    change_id  bigint NOT NULL CONSTRAINT one_outcome_per_change PRIMARY KEY,
    outcome_id bigint NOT NULL
);

-- What was there and what was asked for, in clear: personal data, which expires and can be erased (V6). Without its salt a
-- commitment says nothing about the value.
CREATE TABLE audit.value (
    outcome_id      bigint NOT NULL,
    seal_id         bigint NOT NULL,
    before_salt     bytea,
    before_value    text,
    requested_salt  bytea NOT NULL,
    requested_value text NOT NULL,
    occurred_at     timestamptz NOT NULL,
    PRIMARY KEY (outcome_id, occurred_at)
) PARTITION BY RANGE (occurred_at);

CREATE INDEX value_by_seal ON audit.value (seal_id);

-- What people and the product did apart from runs.
CREATE TABLE audit.event (
    event_id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    occurred_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor         text NOT NULL,
    database_user text NOT NULL DEFAULT session_user,
    action        text NOT NULL,
    object        text NOT NULL,
    reason        text,
    detail        text
);

CREATE FUNCTION audit.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog
    AS $$
BEGIN
    RAISE EXCEPTION '% on %.% is refused: the audit tables are append-only', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;

-- Takes UPDATE, DELETE and TRUNCATE from a table, from its owner too.
CREATE FUNCTION audit.make_append_only(relation regclass) RETURNS void
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
    EXECUTE format('CREATE TRIGGER no_truncate BEFORE TRUNCATE ON %s
                        FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change()', relation);
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER no_truncate', relation);
END
$$;

-- Fills audit.outcome_key, at one statement for a whole chunk. Runs as its owner: who inserts an outcome need not, and
-- must not, be able to write keys.
CREATE FUNCTION audit.keep_outcome_unique() RETURNS trigger
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
BEGIN
    INSERT INTO audit.outcome_key (change_id, outcome_id) SELECT change_id, outcome_id FROM fresh;
    RETURN NULL;
END
$$;

CREATE FUNCTION audit.make_outcomes_unique(relation regclass) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog
    AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER one_outcome_per_change AFTER INSERT ON %s
                        REFERENCING NEW TABLE AS fresh
                        FOR EACH STATEMENT EXECUTE FUNCTION audit.keep_outcome_unique()', relation);
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER one_outcome_per_change', relation);
END
$$;

SELECT audit.make_append_only(relation::regclass)
  FROM unnest(ARRAY['audit.run', 'audit.run_end', 'audit.attempt', 'audit.outcome', 'audit.outcome_key', 'audit.event'])
           AS relation;

-- Values may be deleted, by audit.erase() (V6) alone, which leaves an event. Whoever sets this by hand leaves none, and is
-- found for it.
CREATE FUNCTION audit.refuse_change_but_erasure() RETURNS trigger
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

CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON audit.value
    FOR EACH ROW EXECUTE FUNCTION audit.refuse_change_but_erasure();
ALTER TABLE audit.value ENABLE ALWAYS TRIGGER no_change;
SELECT audit.make_append_only('audit.value');

SELECT audit.make_outcomes_unique('audit.outcome');

-- What a partition needs beyond what it has from its parent.
CREATE FUNCTION audit.protect_partition(parent text, partition regclass) RETURNS void
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
CREATE FUNCTION audit.ensure_partitions() RETURNS integer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path = pg_catalog
    SET timezone = 'UTC'
    AS $$
DECLARE
    parent  text;
    month   timestamptz;
    name    text;
    created integer := 0;
BEGIN
    FOR parent, month IN
        SELECT p.parent, m.month
          FROM unnest(ARRAY['attempt', 'outcome', 'value']) AS p (parent),
               generate_series(date_trunc('month', now()), date_trunc('month', now()) + interval '3 months',
                               interval '1 month') AS m (month)
    LOOP
        name := parent || to_char(month, '"_p"YYYY"_"MM');
        CONTINUE WHEN to_regclass('audit.' || name) IS NOT NULL;
        PERFORM pg_advisory_xact_lock(hashtextextended('audit.ensure_partitions', 0));
        CONTINUE WHEN to_regclass('audit.' || name) IS NOT NULL;
        BEGIN
            EXECUTE format('CREATE TABLE audit.%I PARTITION OF audit.%I FOR VALUES FROM (%L) TO (%L)',
                           name, parent, month, month + interval '1 month');
        EXCEPTION WHEN check_violation THEN
            -- Rows of that month are in the default partition already; they stay there, and so do those that follow.
            RAISE WARNING 'audit.%_default holds rows of %: its partition was not created', parent, to_char(month, 'YYYY-MM');
            CONTINUE;
        END;
        PERFORM audit.protect_partition(parent, format('audit.%I', name)::regclass);
        created := created + 1;
    END LOOP;
    RETURN created;
END
$$;

-- Where rows go that no month takes: nothing is lost, and `doctor` complains.
CREATE TABLE audit.attempt_default PARTITION OF audit.attempt DEFAULT;
CREATE TABLE audit.outcome_default PARTITION OF audit.outcome DEFAULT;
CREATE TABLE audit.value_default PARTITION OF audit.value DEFAULT;

SELECT audit.protect_partition(parent, format('audit.%I', parent || '_default')::regclass)
  FROM unnest(ARRAY['attempt', 'outcome', 'value']) AS parent;

SELECT audit.ensure_partitions();

-- Values are there until they are erased, and only for those who may read audit.value; for others '(masked)'.
CREATE VIEW audit.v_outcome AS
    SELECT o.outcome_id, o.change_id, o.change_set_id, o.run_id, o.conversation_id, o.participant_id, o.participant_role,
           o.corrected_role, o.attribute_name,
           -- Subqueries and not a join: whoever does not ask for the values does not pay for them.
           (SELECT CASE WHEN v.before_value IS NULL THEN NULL
                        WHEN has_table_privilege(current_user, 'audit.value', 'SELECT') THEN v.before_value
                        ELSE '(masked)' END
              FROM audit.value v
             WHERE v.outcome_id = o.outcome_id AND v.occurred_at = o.occurred_at) AS before_value,
           (SELECT CASE WHEN has_table_privilege(current_user, 'audit.value', 'SELECT') THEN v.requested_value
                        ELSE '(masked)' END
              FROM audit.value v
             WHERE v.outcome_id = o.outcome_id AND v.occurred_at = o.occurred_at) AS requested_value,
           o.status, o.confirmed_by, o.http_status, o.error_code, o.error_message, o.correlation_id, o.attempts, o.in_doubt,
           o.requested_by, o.approved_by, o.occurred_at
      FROM audit.outcome o;

CREATE VIEW audit.v_attempt AS
    SELECT attempt_id, run_id, change_ids, conversation_id, participant_id, purpose, method, path, request_sha256,
           started_at, took_micros, http_status, error_code, error_message, correlation_id, recorded_at
      FROM audit.attempt;

CREATE VIEW audit.v_event AS
    SELECT event_id, occurred_at, actor, database_user, action, object, reason, detail
      FROM audit.event;

CREATE VIEW audit.v_run AS
    SELECT r.run_id, r.job, r.trigger, r.scheduled_for, r.started_at, e.ended_at, r.started_by, r.database_user, r.host,
           r.version, r.job_file_sha256, r.api, r.contract, r.epoch, r.planned, e.exit_code, e.explanation, e.applied,
           e.unchanged, e.superseded, e.rejected, e.conflict, e.expired, e.failed, e.pending, e.requests, e.throttled
      FROM audit.run r LEFT JOIN audit.run_end e USING (run_id);
