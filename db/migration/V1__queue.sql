-- The queue: what operators ask for. One row = one attribute of one participant.

CREATE SCHEMA IF NOT EXISTS reconciler;

CREATE TABLE reconciler.change_set (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    requested_by    text NOT NULL CHECK (btrim(requested_by) <> ''),
    -- The database login that queued the set: not for anybody to choose (R__3_grants.sql).
    queued_login    text NOT NULL DEFAULT session_user,
    reason          text,
    ticket          text,
    source_name     text,
    -- of the bytes as they were read, in hex
    source_sha256   text CHECK (source_sha256 ~ '^[0-9a-f]{64}$'),
    rows_queued     bigint NOT NULL DEFAULT 0,
    rows_refused    bigint NOT NULL DEFAULT 0,
    -- A participant's rows of this set are applied all or not at all.
    atomic          boolean NOT NULL DEFAULT false,
    -- As given with the file; each row has its own, which decides.
    not_before      timestamptz,
    apply_by        timestamptz,
    priority        smallint NOT NULL DEFAULT 0,
    undoes          bigint REFERENCES reconciler.change_set (id),
    -- What was approved, by whom and until when; all null without an approval. Written by reconciler.approve() alone.
    approved_by     text,
    approved_at     timestamptz,
    approved_plan   bigint, -- a plan: V3 has the key
    approved_sha256 text,
    approved_until  timestamptz,
    CONSTRAINT nobody_approves_their_own_set CHECK (approved_by <> requested_by),
    CONSTRAINT nobody_approves_what_they_queued CHECK (lower(approved_by) <> lower(queued_login)),
    CONSTRAINT an_approval_is_of_a_plan CHECK (
        num_nonnulls(approved_by, approved_at, approved_plan, approved_sha256, approved_until) IN (0, 5))
);

CREATE INDEX change_set_by_source ON reconciler.change_set (source_sha256);
CREATE INDEX change_set_by_undone ON reconciler.change_set (undoes) WHERE undoes IS NOT NULL;

CREATE SEQUENCE reconciler.claim_seq;

-- What its rows refer to is there, and stays: by triggers (R__1_functions.sql). A foreign key looks once for every row that
-- is queued, and keeps a note of each until the statement ends.
CREATE TABLE reconciler.attribute_change (
    -- These six come first, so that an INSERT without a column list is a complete order too.
    conversation_id  uuid NOT NULL,
    participant_id   uuid NOT NULL,
    -- The two usual roles without the regular expression, which was a tenth of an insert.
    participant_role text NOT NULL
        CONSTRAINT participant_role_is_a_lower_case_name
            CHECK (participant_role IN ('contact', 'agent') OR participant_role ~ '^[a-z][a-z0-9_-]{0,39}$'),
    attribute_name   text NOT NULL
        CONSTRAINT attribute_name_is_not_blank_and_at_most_256_characters
            CHECK (btrim(attribute_name) <> '' AND char_length(attribute_name) <= 256),
    -- The API takes 512000 bytes a request; a value that leaves no room for the rest is refused by the job, not here.
    attribute_value  text NOT NULL
        CONSTRAINT attribute_value_is_at_most_1_mib CHECK (octet_length(attribute_value) <= 1048576),
    requested_by     text NOT NULL CONSTRAINT requested_by_is_not_blank CHECK (btrim(requested_by) <> ''),

    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    change_set_id    bigint,
    created_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    not_before       timestamptz,
    apply_by         timestamptz,
    priority         smallint NOT NULL DEFAULT 0,
    -- Rows of one participant and one set that carry the same number are one group: one request carries all of it. It is the
    -- number of the set that asked for it first, and a later set that tries the rows again keeps it. Null, which costs nothing,
    -- where a row stands alone.
    atomic_group     bigint,
    -- The settled row that this one tries again. A row is tried again once; what then fails is tried again by its own id.
    redrives         bigint,

    -- From here on the job's own.
    state            text NOT NULL DEFAULT 'PENDING' CONSTRAINT state_is_known CHECK (state IN (
                         'PENDING', 'IN_FLIGHT', 'APPLIED', 'UNCHANGED', 'SUPERSEDED', 'REJECTED', 'CONFLICT',
                         'EXPIRED', 'CANCELLED', 'FAILED')),
    attempts         integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    next_attempt_at  timestamptz,
    claim            bigint,
    in_doubt         boolean NOT NULL DEFAULT false,
    settled_at       timestamptz,
    -- Partitions are a role and a range of these 1024 buckets: a participant lives in exactly one.
    bucket           smallint NOT NULL
        GENERATED ALWAYS AS ((uuid_hash_extended(participant_id, 0) & 1023)::smallint) STORED,

    CONSTRAINT only_an_in_flight_row_is_claimed CHECK ((state = 'IN_FLIGHT') = (claim IS NOT NULL)),
    CONSTRAINT only_a_settled_row_has_settled_at CHECK ((state IN ('PENDING', 'IN_FLIGHT')) = (settled_at IS NULL)),
    CONSTRAINT an_atomic_group_is_of_a_set CHECK (atomic_group IS NULL OR change_set_id IS NOT NULL)
    -- By number, not by share: of ten million settled rows a fifth is never reached, and the few indexes that a night works on
    -- are full of what it left. docs/database.md has the reasons.
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 50000,
        autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 200000,
        autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 50000,
        autovacuum_vacuum_cost_limit = 2000);

COMMENT ON COLUMN reconciler.attribute_change.claim IS
    'Whose hands it is in: a claim of a run is greater than zero, one of the express lane less.';

-- Serves both walks of the claim, along a range of buckets and to the other changes of a participant: whoever looks for a
-- participant names its bucket too. Role and attribute are compared in the index. One wide index costs an insert half of
-- what two narrow ones did, and rows that arrive in its order cost a fifth.
CREATE INDEX attribute_change_pending
    ON reconciler.attribute_change (bucket, participant_id, id, participant_role, attribute_name)
    WHERE state = 'PENDING';

-- Serves "is this participant in flight", the recovery of a dead run and the release of a claim; a few hundred rows at most.
CREATE INDEX attribute_change_in_flight ON reconciler.attribute_change (participant_id)
    WHERE state = 'IN_FLIGHT';

-- Serves "what is urgent", the most urgent first; a row without an apply_by is not in it and costs nothing more.
CREATE INDEX attribute_change_urgent ON reconciler.attribute_change (apply_by, id)
    WHERE state = 'PENDING' AND apply_by IS NOT NULL;

-- Every run counts at its end what was cancelled meanwhile.
CREATE INDEX attribute_change_cancelled ON reconciler.attribute_change (settled_at) WHERE state = 'CANCELLED';

CREATE INDEX attribute_change_by_set ON reconciler.attribute_change (change_set_id, id)
    WHERE change_set_id IS NOT NULL;

CREATE INDEX attribute_change_atomic ON reconciler.attribute_change (participant_id, atomic_group, id)
    WHERE atomic_group IS NOT NULL;

CREATE UNIQUE INDEX attribute_change_redriven_once ON reconciler.attribute_change (redrives) WHERE redrives IS NOT NULL;

-- What a run is not to take for now.
CREATE TABLE reconciler.pause (
    -- Null: everything.
    change_set_id bigint REFERENCES reconciler.change_set (id),
    paused_by     text NOT NULL CHECK (btrim(paused_by) <> ''),
    reason        text,
    paused_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT one_pause_at_a_time UNIQUE NULLS NOT DISTINCT (change_set_id)
);

-- Rows that cannot be claimed or settled, so that the others go on: a person clears them. Nothing here refers to the row, which
-- may be what is wrong.
CREATE TABLE reconciler.set_aside (
    change_id       bigint PRIMARY KEY,
    -- The attribute whose older changes wait with it.
    conversation_id uuid NOT NULL,
    participant_id  uuid NOT NULL,
    attribute_name  text NOT NULL,
    reason          text NOT NULL CHECK (btrim(reason) <> ''),
    -- A request may have been sent for it.
    sent            boolean NOT NULL,
    since           timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE INDEX set_aside_by_participant ON reconciler.set_aside (participant_id);

-- What is about to be sent, written down before it is: after a crash every claimed row is either not sent (no intent) or
-- may have been sent (an intent). Written ahead of the sends in blocks, one row per claim in a block; the settlement of
-- the claim deletes them in its own transaction, so there are never more than what is under way.
CREATE TABLE reconciler.intent (
    claim          bigint NOT NULL,
    -- Given by the process that writes; makes it harmless to write the same block again.
    block          bigint NOT NULL,
    run_id         bigint NOT NULL,
    recorded_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- One element per request, in the same order: the changes it is made for as an array literal, then what the audit
    -- knows of a request before its answer.
    change_ids     text[] NOT NULL,
    purposes       text[] NOT NULL,
    methods        text[] NOT NULL,
    paths          text[] NOT NULL,
    request_sha256 text[] NOT NULL,
    PRIMARY KEY (claim, block)
    -- Rows live for less than a second: what they leave behind is cleared away by number, not by share.
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000, autovacuum_analyze_threshold = 1000000);

-- Paths resemble each other: compressed where they are, not moved to a table of their own. (CREATE TABLE can say so from
-- Postgres 16 only.)
ALTER TABLE reconciler.intent ALTER COLUMN paths SET STORAGE MAIN, ALTER COLUMN request_sha256 SET STORAGE MAIN,
                              ALTER COLUMN change_ids SET STORAGE MAIN, ALTER COLUMN purposes SET STORAGE MAIN,
                              ALTER COLUMN methods SET STORAGE MAIN;

-- Where a file's lines wait to become a change set. They arrive by COPY and leave in the same transaction, so nobody but
-- that transaction ever sees a row; unlogged, since nothing here has to survive a crash.
CREATE SEQUENCE reconciler.staged_file_seq;

CREATE UNLOGGED TABLE reconciler.staged_change (
    file_id          bigint NOT NULL,
    -- The line on which the record starts. Its order becomes the order of the ids: the newest change wins.
    line             integer NOT NULL,
    conversation_id  uuid NOT NULL,
    participant_id   uuid NOT NULL,
    participant_role text NOT NULL,
    attribute_name   text NOT NULL,
    attribute_value  text NOT NULL,
    requested_by     text NOT NULL,
    not_before       timestamptz,
    apply_by         timestamptz
);
