-- The pace that all processes share: one row per API host and OAuth client (or fingerprint of a token).
--
-- Unlogged: it is written up to 50 times a second while a run sends, and what it knows is worth a second. After a crash
-- of the server the bucket begins full and a pause that was forgotten is asked for again by the API.
CREATE UNLOGGED TABLE reconciler.rate (
    name          text PRIMARY KEY,
    -- Bucket4j's own format; what it holds is time, one token a nanosecond. Null until the first reservation.
    state         bytea,
    -- The API asked for a pause (Retry-After); by this server's clock. Null or past: it did not, or it is over.
    limited_until timestamptz
) WITH (
    -- One row, rewritten all the time: leave room for its next versions on the same page.
    fillfactor = 10,
    autovacuum_vacuum_threshold = 500
);
