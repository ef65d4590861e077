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
