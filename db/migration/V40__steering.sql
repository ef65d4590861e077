-- Steering: what people ask of a run under way, what is not to be taken for now, and what is tried again.

-- The holder reads the first two whenever it renews its lease, once a second, and writes the others; a new holder begins
-- with none of them.
ALTER TABLE reconciler.lease
    ADD COLUMN stop_requested_by  text,
    ADD COLUMN stop_reason        text,
    -- The run so far.
    ADD COLUMN requests           bigint,
    ADD COLUMN throttled          bigint,
    ADD COLUMN settled            bigint,
    -- Its last minute, or as much of it as there is.
    ADD COLUMN recent_requests    bigint,
    ADD COLUMN recent_throttled   bigint,
    ADD COLUMN recent_millis      bigint,
    -- What it may send at most.
    ADD COLUMN ceiling_per_minute double precision;

CREATE TABLE reconciler.pause (
    -- Null: everything.
    change_set_id bigint REFERENCES reconciler.change_set (id),
    paused_by     text NOT NULL CHECK (btrim(paused_by) <> ''),
    reason        text,
    paused_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT one_pause_at_a_time UNIQUE NULLS NOT DISTINCT (change_set_id)
);

-- The settled row that this one tries again. A row is tried again once; what then fails is tried again by its own id.
ALTER TABLE reconciler.attribute_change
    ADD COLUMN redrives bigint REFERENCES reconciler.attribute_change (id);

CREATE UNIQUE INDEX attribute_change_redriven_once ON reconciler.attribute_change (redrives) WHERE redrives IS NOT NULL;

-- "What was done to this set."
CREATE INDEX event_by_object ON audit.event (object);
