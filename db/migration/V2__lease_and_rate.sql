-- Who may run, how it goes, and how fast everybody may go.

-- The epoch and the token fence: a holder whose epoch has passed, or whose token is not there, settles nothing any more.
CREATE TABLE reconciler.lease (
    name               text PRIMARY KEY,
    epoch              bigint NOT NULL,
    -- Chosen at random by the holder. After a failover that lost commits, epochs and claim numbers are given out again; this
    -- is not. Null: the lease is free.
    token              uuid DEFAULT gen_random_uuid(),
    -- reconciler.server_incarnation() where it was taken; on another server it does not hold.
    server             text,
    owner              text NOT NULL,
    run_id             bigint,
    acquired_at        timestamptz NOT NULL,
    renewed_at         timestamptz NOT NULL,
    expires_at         timestamptz NOT NULL,
    -- A sign of life in which no clock has a part.
    renewals           bigint NOT NULL DEFAULT 0,
    -- The holder saw the database's clock step: when it noticed, and by how much.
    clock_stepped_at     timestamptz,
    clock_stepped_millis bigint,

    -- What people ask of the run. The holder reads these two whenever it renews the lease, once a second, and writes what
    -- follows; a new holder begins with none of all this.
    stop_requested_by  text,
    stop_reason        text,

    -- The run so far.
    requests           bigint,
    throttled          bigint,
    settled            bigint,
    -- Its last minute, or as much of it as there is.
    recent_requests    bigint,
    recent_throttled   bigint,
    recent_millis      bigint,
    -- What it may send at most.
    ceiling_per_minute double precision,
    -- Why it sends nothing for now; null while it sends.
    held_up_by         text,
    -- How it goes, role by role. The arrays go together.
    roles              text[],
    role_planned       bigint[],
    role_settled       bigint[],
    role_not_applied   bigint[],

    -- Not for lookups: it makes (name, epoch) a key, so that a take-over (epoch + 1) waits for settlements that hold
    -- FOR KEY SHARE, and a renewal (expires_at only) does not.
    CONSTRAINT lease_epoch UNIQUE (name, epoch),
    CONSTRAINT roles_go_together CHECK (
        num_nonnulls(roles, role_planned, role_settled, role_not_applied) IN (0, 4)
        AND (roles IS NULL OR cardinality(roles) = ALL (ARRAY[cardinality(role_planned), cardinality(role_settled),
                                                              cardinality(role_not_applied)])))
);

-- Where each lane has worked, one row when it first works there: a standby that was promoted, or a backup that was restored, is
-- another server. What waited then may have been sent by a run whose last commits the server lacks.
CREATE TABLE reconciler.server_history (
    number         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    lane           text NOT NULL CHECK (lane IN ('run', 'express')),
    server         text NOT NULL,
    seen_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- A change up to this id that waits is read back before anything is sent for it.
    doubtful_until bigint NOT NULL
);

-- The pace that all processes share: one row per API host and OAuth client (or fingerprint of a token).
--
-- Unlogged: it is written up to 50 times a second while a run sends, and what it knows is worth a second. After a crash
-- of the server the bucket begins full and a pause that was forgotten is asked for again by the API.
CREATE UNLOGGED TABLE reconciler.rate (
    name          text PRIMARY KEY,
    -- Bucket4j's own format; what it holds is time, one token a nanosecond. Null until the first reservation.
    state         bytea,
    -- The time of the bucket is the server's clock and this: what the clock was set back by. So it never goes back.
    ahead_micros  bigint NOT NULL DEFAULT 0,
    -- How far it has come, to a second.
    seen_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- The API asked for a pause (Retry-After); by the time of the bucket. Null or past: it did not, or it is over.
    limited_until timestamptz
) WITH (
    -- One row, rewritten all the time: leave room for its next versions on the same page.
    fillfactor = 10,
    autovacuum_vacuum_threshold = 500
);
