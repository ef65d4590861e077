-- Plans: what a run would do, seen before it is done. Approvals: who agreed to it.

CREATE TABLE reconciler.plan (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    valid_until     timestamptz NOT NULL,
    made_by         text NOT NULL,
    made_by_login   text NOT NULL DEFAULT session_user,
    -- Null: everything that the job would take.
    change_set_id   bigint REFERENCES reconciler.change_set (id),
    job             text NOT NULL,
    job_file_sha256 text NOT NULL,
    api             text NOT NULL,
    as_of           timestamptz NOT NULL,
    -- The greatest id when it was made: what is added to the set later is above.
    horizon         bigint NOT NULL,
    -- So many conversations were looked at and no more; null: all. A sample can be neither approved nor applied.
    sample          integer CHECK (sample > 0),
    -- Of the commitments in plan_row. Forgotten with the rows, when the plan is over.
    salt            bytea NOT NULL DEFAULT uuid_send(gen_random_uuid()),
    -- Null while it is being made, and for good when that broke off.
    sha256          text CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    voided_at       timestamptz,
    voided_because  text,
    CONSTRAINT voided_for_a_reason CHECK ((voided_at IS NULL) = (voided_because IS NULL))
);

CREATE INDEX plan_by_set ON reconciler.plan (change_set_id, id) WHERE change_set_id IS NOT NULL;

-- Here and not in V1, since sets and plans refer to each other.
ALTER TABLE reconciler.change_set ADD FOREIGN KEY (approved_plan) REFERENCES reconciler.plan (id);

CREATE TABLE reconciler.plan_row (
    plan_id         bigint NOT NULL REFERENCES reconciler.plan (id),
    change_id       bigint NOT NULL,
    -- Rows of one conversation have one number: they are looked at by one request.
    conversation_no integer NOT NULL,
    -- Null until the conversation was looked at.
    finding         text CHECK (finding IN ('CHANGE', 'UNCHANGED', 'ROLE', 'GONE', 'ENDED', 'SUPERSEDED', 'EXPIRED', 'UNREADABLE')),
    superseded_by   bigint,
    -- The participant's own role, where the row names another.
    own_role        text,
    -- sha256(salt || change_id || ':' || value) of what was there; null where nothing was; zeros where nobody could see. The
    -- value itself is not kept.
    before_commit   bytea CHECK (octet_length(before_commit) = 32),
    -- A row is looked for by its change, a plan's rows by the other index: neither can be walked in place of the other.
    PRIMARY KEY (change_id, plan_id)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 50000);

CREATE INDEX plan_row_by_conversation ON reconciler.plan_row (plan_id, conversation_no);

-- What was decided about a set, by whom. Append-only; the set's own columns say what holds now.
CREATE TABLE reconciler.approval (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    change_set_id bigint NOT NULL REFERENCES reconciler.change_set (id),
    verdict       text NOT NULL CHECK (verdict IN ('approved', 'rejected')),
    plan_id       bigint,
    plan_sha256   text,
    approver      text NOT NULL,
    requested_by  text NOT NULL,
    queued_login  text NOT NULL,
    remark        text,
    decided_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    valid_until   timestamptz,
    CONSTRAINT nobody_decides_about_their_own_set
        CHECK (lower(approver) <> lower(requested_by) AND lower(approver) <> lower(queued_login)),
    CONSTRAINT an_approval_is_of_a_plan
        CHECK (verdict = 'rejected' OR num_nonnulls(plan_id, plan_sha256, valid_until) = 3)
);

CREATE INDEX approval_by_set ON reconciler.approval (change_set_id, id);
