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

-- One row per request on the wire.
CREATE TABLE audit.attempt (
    attempt_id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id          bigint NOT NULL,
    claim           bigint NOT NULL,
    change_ids      bigint[] NOT NULL,
    conversation_id uuid NOT NULL,
    participant_id  uuid NOT NULL,
    purpose         text NOT NULL CHECK (purpose IN ('PATCH', 'BEFORE_IMAGE', 'ROLE', 'READ_BACK')),
    method          text NOT NULL,
    path            text NOT NULL,
    request_sha256  text,
    started_at      timestamptz NOT NULL,
    took_micros     bigint NOT NULL,
    http_status     integer,
    error_code      text,
    error_message   text,
    -- The error body as it came, bounded.
    answer          text,
    correlation_id  text
);

CREATE INDEX attempt_by_participant ON audit.attempt (participant_id, attempt_id);
CREATE INDEX attempt_by_run ON audit.attempt (run_id, attempt_id);

-- One row per terminal state.
CREATE TABLE audit.outcome (
    outcome_id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- Exactly one terminal outcome per change: the database refuses a second.
    change_id        bigint NOT NULL CONSTRAINT one_outcome_per_change UNIQUE,
    change_set_id    bigint,
    -- Null for a row that was cancelled outside a run.
    run_id           bigint,
    claim            bigint,
    conversation_id  uuid NOT NULL,
    participant_id   uuid NOT NULL,
    participant_role text NOT NULL,
    corrected_role   text,
    attribute_name   text NOT NULL,
    before_value     text,
    requested_value  text NOT NULL,
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
    occurred_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT applied_means_confirmed CHECK ((status = 'APPLIED') = (confirmed_by IS NOT NULL))
);

CREATE INDEX outcome_by_run ON audit.outcome (run_id, outcome_id);
CREATE INDEX outcome_by_participant ON audit.outcome (participant_id, outcome_id);
CREATE INDEX outcome_by_set ON audit.outcome (change_set_id, outcome_id) WHERE change_set_id IS NOT NULL;

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

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['run', 'run_end', 'attempt', 'outcome', 'event'] LOOP
        EXECUTE format('CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON audit.%I
                            FOR EACH ROW EXECUTE FUNCTION audit.refuse_change()', name);
        EXECUTE format('CREATE TRIGGER no_truncate BEFORE TRUNCATE ON audit.%I
                            FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change()', name);
        -- ALWAYS: session_replication_role = replica does not switch these off.
        EXECUTE format('ALTER TABLE audit.%I ENABLE ALWAYS TRIGGER no_change', name);
        EXECUTE format('ALTER TABLE audit.%I ENABLE ALWAYS TRIGGER no_truncate', name);
    END LOOP;
END
$$;

CREATE VIEW audit.v_outcome AS
    SELECT outcome_id, change_id, change_set_id, run_id, conversation_id, participant_id, participant_role, corrected_role,
           attribute_name, before_value, requested_value, status, confirmed_by, http_status, error_code, error_message,
           correlation_id, attempts, in_doubt, requested_by, approved_by, occurred_at
      FROM audit.outcome;

CREATE VIEW audit.v_attempt AS
    SELECT attempt_id, run_id, change_ids, conversation_id, participant_id, purpose, method, path, request_sha256,
           started_at, took_micros, http_status, error_code, error_message, correlation_id
      FROM audit.attempt;

CREATE VIEW audit.v_run AS
    SELECT r.run_id, r.job, r.trigger, r.scheduled_for, r.started_at, e.ended_at, r.started_by, r.database_user, r.host,
           r.version, r.job_file_sha256, r.api, r.contract, r.epoch, r.planned, e.exit_code, e.explanation, e.applied,
           e.unchanged, e.superseded, e.rejected, e.conflict, e.expired, e.failed, e.pending, e.requests, e.throttled
      FROM audit.run r LEFT JOIN audit.run_end e USING (run_id);

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
