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

-- Paths resemble each other: compressed where they are, not moved to a table of their own.
ALTER TABLE reconciler.intent ALTER COLUMN paths SET STORAGE MAIN, ALTER COLUMN request_sha256 SET STORAGE MAIN,
                              ALTER COLUMN change_ids SET STORAGE MAIN, ALTER COLUMN purposes SET STORAGE MAIN,
                              ALTER COLUMN methods SET STORAGE MAIN;
