-- The queue: what operators ask for. One row = one attribute of one participant.

CREATE SCHEMA IF NOT EXISTS reconciler;

CREATE TABLE reconciler.change_set (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    created_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    requested_by  text NOT NULL CHECK (btrim(requested_by) <> ''),
    reason        text,
    ticket        text,
    source_name   text,
    -- of the bytes as they were read, in hex
    source_sha256 text CHECK (source_sha256 ~ '^[0-9a-f]{64}$'),
    rows_queued   bigint NOT NULL DEFAULT 0,
    rows_refused  bigint NOT NULL DEFAULT 0,
    approved_by   text,
    approved_at   timestamptz,
    CONSTRAINT nobody_approves_their_own_set CHECK (approved_by <> requested_by),
    CONSTRAINT an_approval_has_a_name_and_a_time CHECK ((approved_by IS NULL) = (approved_at IS NULL))
);

CREATE INDEX change_set_by_source ON reconciler.change_set (source_sha256);

CREATE SEQUENCE reconciler.claim_seq;

CREATE TABLE reconciler.attribute_change (
    -- These six come first, so that an INSERT without a column list is a complete order too.
    conversation_id  uuid NOT NULL,
    participant_id   uuid NOT NULL,
    participant_role text NOT NULL
        CONSTRAINT participant_role_is_a_lower_case_name CHECK (participant_role ~ '^[a-z][a-z0-9_-]{0,39}$'),
    attribute_name   text NOT NULL
        CONSTRAINT attribute_name_is_not_blank_and_at_most_256_characters
            CHECK (btrim(attribute_name) <> '' AND char_length(attribute_name) <= 256),
    -- The API takes 512000 bytes a request; a value that leaves no room for the rest is refused by the job, not here.
    attribute_value  text NOT NULL
        CONSTRAINT attribute_value_is_at_most_1_mib CHECK (octet_length(attribute_value) <= 1048576),
    requested_by     text NOT NULL CONSTRAINT requested_by_is_not_blank CHECK (btrim(requested_by) <> ''),

    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    change_set_id    bigint REFERENCES reconciler.change_set (id),
    created_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    not_before       timestamptz,
    apply_by         timestamptz,
    priority         smallint NOT NULL DEFAULT 0,

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
    CONSTRAINT only_a_settled_row_has_settled_at CHECK ((state IN ('PENDING', 'IN_FLIGHT')) = (settled_at IS NULL))
);

-- Serves the claim: a role, a range of buckets, participants kept together, oldest first.
CREATE INDEX attribute_change_pending ON reconciler.attribute_change (participant_role, bucket, participant_id, id)
    WHERE state = 'PENDING';

-- Serves the search for newer and older changes to the same attribute, whatever their role.
CREATE INDEX attribute_change_pending_key ON reconciler.attribute_change (participant_id, attribute_name, id)
    WHERE state = 'PENDING';

-- Serves "is this participant in flight", the recovery of a dead run and the release of a claim; a few hundred rows at most.
CREATE INDEX attribute_change_in_flight ON reconciler.attribute_change (participant_id)
    WHERE state = 'IN_FLIGHT';

CREATE INDEX attribute_change_by_set ON reconciler.attribute_change (change_set_id, id)
    WHERE change_set_id IS NOT NULL;

-- Who may run. The epoch is a fencing token: a holder whose epoch has passed settles nothing any more.
CREATE TABLE reconciler.lease (
    name        text PRIMARY KEY,
    epoch       bigint NOT NULL,
    owner       text NOT NULL,
    run_id      bigint,
    acquired_at timestamptz NOT NULL,
    renewed_at  timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    -- Not for lookups: it makes (name, epoch) a key, so that a take-over (epoch + 1) waits for settlements that hold
    -- FOR KEY SHARE, and a renewal (expires_at only) does not.
    CONSTRAINT lease_epoch UNIQUE (name, epoch)
);
