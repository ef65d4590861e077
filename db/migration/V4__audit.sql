-- The record: who asked, what was sent, what came of it. Append-only, and sealed: the triggers for that, and the format of the
-- seals, are in R__1_functions.sql.

CREATE SCHEMA IF NOT EXISTS audit;

-- Runs are numbered from 1 without a gap for each plan that was looked at between them: looks have numbers of their own.
CREATE SEQUENCE audit.run_number;
CREATE SEQUENCE audit.look_number START WITH 1000000001;

CREATE TABLE audit.run (
    -- Given by number_run(): an identity would use up a number of the runs for a look, too.
    run_id          bigint PRIMARY KEY,
    job             text NOT NULL,
    started_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    trigger         text NOT NULL CHECK (trigger IN (
                        'manual', 'schedule', 'probe', 'demo', 'express',
                        -- Looks, which change nothing and hold no lease (epoch 0): their requests are on record, too.
                        'plan', 'verify', 'undo', 'check')),
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
    horizon         bigint NOT NULL,
    -- What the job asks approvals for, as in its file: none, required, or the conditions as JSON:
    -- {"above-rows": 500, "attributes": ["customer.tier"]}.
    approval_rule   text NOT NULL CHECK (approval_rule IN ('none', 'required') OR jsonb_typeof(approval_rule::jsonb) = 'object')
);

CREATE INDEX run_by_schedule ON audit.run (job, scheduled_for);
-- The express lane's runs are many and short; whoever counts looks for those that were under way at the same time.
CREATE INDEX run_of_express_lane ON audit.run (run_id) WHERE trigger = 'express';

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

-- Every seal, and every row under it, carries one number of this sequence.
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
    -- Null for a token, which is for nobody in particular.
    conversation_id uuid,
    participant_id  uuid,
    purpose         text NOT NULL CHECK (purpose IN ('PATCH', 'BEFORE_IMAGE', 'ROLE', 'READ_BACK', 'TOKEN')),
    method          text NOT NULL,
    path            text NOT NULL,
    request_sha256  text,
    -- By the database's clock, as the host that sent it knew it.
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
    -- Over all of the above.
    leaf            bytea NOT NULL,
    PRIMARY KEY (attempt_id, recorded_at),
    CONSTRAINT only_a_token_is_for_nobody CHECK (
        num_nulls(conversation_id, participant_id) = 2 * (purpose = 'TOKEN')::integer),
    CONSTRAINT the_body_of_a_token_request_leaves_no_hash CHECK (purpose <> 'TOKEN' OR request_sha256 IS NULL)
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
    -- Of what a read showed instead of the value that was sent; null where none did.
    standing_commit  bytea CHECK (octet_length(standing_commit) = 32),
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
    -- Over all of the above.
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
-- Serve `redrive` and "why": of what ended badly alone, which is little, and in need of no look at what did not.
CREATE INDEX outcome_bad_by_run ON audit.outcome (run_id, outcome_id)
    WHERE status IN ('REJECTED', 'CONFLICT', 'EXPIRED', 'FAILED');
CREATE INDEX outcome_bad_by_set ON audit.outcome (change_set_id, outcome_id)
    WHERE status IN ('REJECTED', 'CONFLICT', 'EXPIRED', 'FAILED');

-- Exactly one terminal outcome per change: the database refuses a second. A unique key on a partitioned table would have
-- to include the month, so the key has a table of its own; a trigger on audit.outcome fills it, nobody else may.
CREATE TABLE audit.outcome_key (
    change_id  bigint NOT NULL CONSTRAINT one_outcome_per_change PRIMARY KEY,
    outcome_id bigint NOT NULL
);

-- What was there, what was asked for and what stands instead, in clear: personal data, which expires and can be erased. Without its salt a
-- commitment says nothing about the value.
CREATE TABLE audit.value (
    outcome_id      bigint NOT NULL,
    seal_id         bigint NOT NULL,
    before_salt     bytea,
    before_value    text,
    requested_salt  bytea NOT NULL,
    requested_value text NOT NULL,
    standing_salt   bytea,
    standing_value  text,
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

-- "What was done to this set."
CREATE INDEX event_by_object ON audit.event (object);
-- "What did people do in November?"
CREATE INDEX event_by_time ON audit.event USING brin (occurred_at);

-- Where rows go that no month takes: nothing is lost, and `doctor` complains. The months are made by
-- audit.ensure_partitions().
CREATE TABLE audit.attempt_default PARTITION OF audit.attempt DEFAULT;
CREATE TABLE audit.outcome_default PARTITION OF audit.outcome DEFAULT;
CREATE TABLE audit.value_default PARTITION OF audit.value DEFAULT;

-- What makes a changed, removed, added or reordered row show.
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
