-- Plans: what a run would do, seen before it is done. Approvals: who agreed to it. Undo: which set takes which back.

ALTER TABLE reconciler.change_set
    -- The database login that queued the set: not for anybody to choose (grants.sql). Null for sets older than this column.
    ADD COLUMN queued_login    text,
    ADD COLUMN undoes          bigint REFERENCES reconciler.change_set (id),
    -- What was approved, and until when; null together with approved_by. Written by reconciler.approve() alone.
    ADD COLUMN approved_plan   bigint,
    ADD COLUMN approved_sha256 text,
    ADD COLUMN approved_until  timestamptz,
    ADD CONSTRAINT nobody_approves_what_they_queued CHECK (lower(approved_by) <> lower(queued_login)),
    ADD CONSTRAINT an_approval_is_of_a_plan CHECK (
        num_nonnulls(approved_plan, approved_sha256, approved_until) IN (0, 3)
        AND (approved_plan IS NULL OR approved_by IS NOT NULL));
ALTER TABLE reconciler.change_set ALTER COLUMN queued_login SET DEFAULT session_user;

CREATE INDEX change_set_by_undone ON reconciler.change_set (undoes) WHERE undoes IS NOT NULL;

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
    PRIMARY KEY (plan_id, change_id)
) WITH (fillfactor = 70);

CREATE INDEX plan_row_by_conversation ON reconciler.plan_row (plan_id, conversation_no);

-- What was decided about a set, by whom. Never changed; the set's own columns say what holds now.
CREATE TABLE reconciler.approval (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    change_set_id bigint NOT NULL REFERENCES reconciler.change_set (id),
    verdict       text NOT NULL CHECK (verdict IN ('approved', 'rejected')),
    plan_id       bigint,
    plan_sha256   text,
    approver      text NOT NULL,
    requested_by  text NOT NULL,
    queued_login  text,
    remark        text,
    decided_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    valid_until   timestamptz,
    CONSTRAINT nobody_decides_about_their_own_set
        CHECK (lower(approver) <> lower(requested_by) AND lower(approver) IS DISTINCT FROM lower(queued_login)),
    CONSTRAINT an_approval_is_of_a_plan
        CHECK (verdict = 'rejected' OR num_nonnulls(plan_id, plan_sha256, valid_until) = 3)
);

CREATE INDEX approval_by_set ON reconciler.approval (change_set_id, id);

SELECT audit.make_append_only('reconciler.approval');

-- Over everything a plan says and what its rows ask for. Rows are hashed one by one first, so that a long plan needs little
-- memory.
CREATE FUNCTION reconciler.plan_sha256(plan bigint) RETURNS text
    LANGUAGE sql STABLE
    SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
SELECT encode(sha256(convert_to(concat(
           audit.net('plan'), audit.net(p.id::text), audit.net(p.change_set_id::text), audit.net(p.job),
           audit.net(p.job_file_sha256), audit.net(p.api), audit.net(audit.micros(p.as_of)),
           audit.net(audit.micros(p.valid_until)), audit.net(p.horizon::text), audit.net(p.sample::text),
           audit.net(r.rows::text), audit.net(r.hash)), 'UTF8')), 'hex')
  FROM reconciler.plan p
 CROSS JOIN LATERAL (
       SELECT count(*) AS rows,
              encode(sha256(coalesce(string_agg(sha256(convert_to(concat(
                  audit.net(r.change_id::text), audit.net(c.conversation_id::text), audit.net(c.participant_id::text),
                  audit.net(c.participant_role), audit.net(c.attribute_name), audit.net(c.attribute_value),
                  audit.net(r.finding), audit.net(r.superseded_by::text), audit.net(r.own_role),
                  audit.net(encode(r.before_commit, 'hex'))), 'UTF8')), ''::bytea ORDER BY r.change_id), ''::bytea)), 'hex')
                  AS hash
         FROM reconciler.plan_row r JOIN reconciler.attribute_change c ON c.id = r.change_id
        WHERE r.plan_id = p.id) AS r
 WHERE p.id = plan
$$;

-- Whatever was planned or approved of a set holds no longer; but for one plan, which takes its place.
CREATE FUNCTION reconciler.void_plans(change_set bigint, because text, sparing bigint) RETURNS void
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
DECLARE
    approver text;
BEGIN
    UPDATE reconciler.plan p SET voided_at = clock_timestamp(), voided_because = because
     WHERE p.change_set_id = change_set AND p.voided_at IS NULL AND p.id IS DISTINCT FROM sparing;
    SELECT s.approved_by INTO approver FROM reconciler.change_set s WHERE s.id = change_set AND s.approved_by IS NOT NULL;
    IF FOUND THEN
        UPDATE reconciler.change_set s
           SET approved_by = NULL, approved_at = NULL, approved_plan = NULL, approved_sha256 = NULL, approved_until = NULL
         WHERE s.id = change_set;
        INSERT INTO audit.event (actor, action, object, reason, detail)
        VALUES (session_user, 'approval voided', 'change set ' || change_set, because, 'was approved by ' || approver);
    END IF;
END
$$;

CREATE FUNCTION reconciler.void_plans_of_cancelled() RETURNS trigger
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
BEGIN
    PERFORM reconciler.void_plans(NEW.change_set_id, 'rows of the change set were cancelled', NULL);
    RETURN NULL;
END
$$;

CREATE TRIGGER void_plans AFTER UPDATE OF state ON reconciler.attribute_change
    FOR EACH ROW WHEN (NEW.state = 'CANCELLED' AND NEW.change_set_id IS NOT NULL)
    EXECUTE FUNCTION reconciler.void_plans_of_cancelled();

-- Whether a row is what somebody approved: its set's approval holds at this moment, is of this plan as it was then, the row
-- is in it, and nothing was added to the set since.
CREATE FUNCTION reconciler.is_approved(change bigint, change_set bigint) RETURNS boolean
    LANGUAGE sql STABLE
    SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
SELECT EXISTS (SELECT
                 FROM reconciler.change_set s JOIN reconciler.plan p ON p.id = s.approved_plan
                WHERE s.id = change_set
                  AND s.approved_until > now()
                  AND p.sha256 = s.approved_sha256
                  AND p.voided_at IS NULL
                  AND EXISTS (SELECT FROM reconciler.plan_row r WHERE r.plan_id = p.id AND r.change_id = change)
                  AND NOT EXISTS (SELECT FROM reconciler.attribute_change a
                                   WHERE a.change_set_id = s.id AND a.id > p.horizon))
$$;

-- What a decision needs to be true, whoever decides. Raises one sentence.
CREATE FUNCTION reconciler.demand_another(change_set reconciler.change_set, alternative text) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog
    AS $$
BEGIN
    IF lower(session_user) IN (lower(change_set.requested_by), lower(change_set.queued_login))
       OR EXISTS (SELECT FROM reconciler.attribute_change c
                   WHERE c.change_set_id = change_set.id AND lower(c.requested_by) = lower(session_user)) THEN
        RAISE EXCEPTION 'change set % was asked for or queued by %, who you are logged in as: %', change_set.id, session_user, alternative
            USING ERRCODE = 'RA001';
    END IF;
END
$$;

-- Agrees to a plan of a set. Who does it is the database login, whatever anybody says. Is an event itself.
CREATE FUNCTION reconciler.approve(set_id bigint, plan bigint, remark text, valid interval)
    RETURNS TABLE (plan_id bigint, sha256 text, valid_until timestamptz)
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
DECLARE
    of_set reconciler.change_set;
    chosen reconciler.plan;
    until  timestamptz := clock_timestamp() + valid;
BEGIN
    SELECT s.* INTO of_set FROM reconciler.change_set s WHERE s.id = set_id FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no change set %', set_id USING ERRCODE = 'RA001';
    END IF;
    PERFORM reconciler.demand_another(of_set, 'somebody else has to approve it');
    SELECT p.* INTO chosen FROM reconciler.plan p
     WHERE p.change_set_id = set_id AND p.sha256 IS NOT NULL AND (plan IS NULL OR p.id = plan)
     ORDER BY p.id DESC LIMIT 1;
    IF NOT FOUND THEN
        IF plan IS NOT NULL THEN
            RAISE EXCEPTION 'plan p_% is not a plan of change set %: `reconciler plan %` makes one', plan, set_id, set_id USING ERRCODE = 'RA001';
        END IF;
        RAISE EXCEPTION 'change set % has no plan to approve: `reconciler plan %` makes one', set_id, set_id USING ERRCODE = 'RA001';
    END IF;
    IF chosen.voided_at IS NOT NULL THEN
        RAISE EXCEPTION 'plan p_% does not hold any more (%): make and look at a new one with `reconciler plan %`',
            chosen.id, chosen.voided_because, set_id USING ERRCODE = 'RA001';
    END IF;
    IF chosen.valid_until <= clock_timestamp() THEN
        RAISE EXCEPTION 'plan p_% has expired: make and look at a new one with `reconciler plan %`', chosen.id, set_id USING ERRCODE = 'RA001';
    END IF;
    IF chosen.sample IS NOT NULL THEN
        RAISE EXCEPTION 'plan p_% is a sample: plan the whole of the set with `reconciler plan %`, without --sample', chosen.id, set_id
            USING ERRCODE = 'RA001';
    END IF;
    IF EXISTS (SELECT FROM reconciler.attribute_change a WHERE a.change_set_id = set_id AND a.id > chosen.horizon) THEN
        RAISE EXCEPTION 'rows were added to change set % after plan p_%: make and look at a new one with `reconciler plan %`',
            set_id, chosen.id, set_id USING ERRCODE = 'RA001';
    END IF;
    IF NOT EXISTS (SELECT FROM reconciler.plan_row r JOIN reconciler.attribute_change a ON a.id = r.change_id
                    WHERE r.plan_id = chosen.id AND a.state IN ('PENDING', 'IN_FLIGHT')) THEN
        RAISE EXCEPTION 'nothing of plan p_% is pending any more: there is nothing to approve', chosen.id USING ERRCODE = 'RA001';
    END IF;
    IF reconciler.plan_sha256(chosen.id) <> chosen.sha256 THEN
        RAISE EXCEPTION 'plan p_% is not what it was when it was made: make and look at a new one with `reconciler plan %`',
            chosen.id, set_id USING ERRCODE = 'RA001';
    END IF;
    INSERT INTO reconciler.approval (change_set_id, verdict, plan_id, plan_sha256, approver, requested_by, queued_login, remark,
                                     valid_until)
    VALUES (set_id, 'approved', chosen.id, chosen.sha256, session_user, of_set.requested_by, of_set.queued_login, remark, until);
    UPDATE reconciler.change_set s
       SET approved_by = session_user, approved_at = clock_timestamp(), approved_plan = chosen.id,
           approved_sha256 = chosen.sha256, approved_until = until
     WHERE s.id = set_id;
    INSERT INTO audit.event (actor, action, object, reason, detail)
    VALUES (session_user, 'approved', 'change set ' || set_id, remark, 'plan p_' || chosen.id || ' sha256:' || chosen.sha256);
    RETURN QUERY SELECT chosen.id, chosen.sha256, until;
END
$$;

-- Refuses a set: the verdict alone; whoever calls this cancels the rows in the same transaction. Is an event itself.
CREATE FUNCTION reconciler.reject(set_id bigint, remark text) RETURNS void
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
DECLARE
    of_set reconciler.change_set;
    chosen reconciler.plan;
BEGIN
    SELECT s.* INTO of_set FROM reconciler.change_set s WHERE s.id = set_id FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no change set %', set_id USING ERRCODE = 'RA001';
    END IF;
    PERFORM reconciler.demand_another(of_set, format('`reconciler cancel %s` withdraws it', set_id));
    IF NOT EXISTS (SELECT FROM reconciler.attribute_change a WHERE a.change_set_id = set_id AND a.state = 'PENDING') THEN
        RAISE EXCEPTION 'nothing of change set % is pending any more: there is nothing to reject', set_id USING ERRCODE = 'RA001';
    END IF;
    SELECT p.* INTO chosen FROM reconciler.plan p
     WHERE p.change_set_id = set_id AND p.sha256 IS NOT NULL AND p.voided_at IS NULL ORDER BY p.id DESC LIMIT 1;
    INSERT INTO reconciler.approval (change_set_id, verdict, plan_id, plan_sha256, approver, requested_by, queued_login, remark)
    VALUES (set_id, 'rejected', chosen.id, chosen.sha256, session_user, of_set.requested_by, of_set.queued_login, remark);
    INSERT INTO audit.event (actor, action, object, reason, detail)
    VALUES (session_user, 'rejected', 'change set ' || set_id, remark,
            'plan p_' || chosen.id || ' sha256:' || chosen.sha256);
END
$$;

-- A set may be approved more than once, for example what a first run left: what counts is the approval that held when a
-- row was sent.
CREATE OR REPLACE VIEW audit.v_separation_of_duty AS
    SELECT o.outcome_id, o.change_id, o.change_set_id, o.run_id, o.seal_id, o.requested_by, o.approved_by, r.started_by,
           o.occurred_at, v.violation
      FROM audit.outcome o
      LEFT JOIN audit.run r USING (run_id)
      LEFT JOIN reconciler.change_set s ON s.id = o.change_set_id
     CROSS JOIN LATERAL (VALUES
           (CASE WHEN o.approved_by = o.requested_by THEN 'approved by its own requester' END),
           (CASE WHEN o.approved_by = s.requested_by AND s.requested_by <> o.requested_by
                 THEN 'approved by who queued the set' END),
           (CASE WHEN lower(o.approved_by) = lower(s.queued_login) AND s.queued_login <> o.requested_by
                      AND s.queued_login <> s.requested_by
                 THEN 'approved by the login that queued the set' END),
           (CASE WHEN o.attempts > 0 AND o.approved_by IS NULL AND r.job_file ~ 'approval:\s*required'
                 THEN 'sent without the approval that the job asks for' END),
           (CASE WHEN o.attempts > 0 AND o.approved_by IS NOT NULL
                      AND least(s.approved_at, (SELECT min(a.decided_at) FROM reconciler.approval a
                                                 WHERE a.change_set_id = o.change_set_id AND a.verdict = 'approved'
                                                   AND a.approver = o.approved_by)) > o.occurred_at
                 THEN 'approved after it was sent' END)) AS v (violation)
     WHERE v.violation IS NOT NULL;

CREATE OR REPLACE VIEW audit.v_change_set AS
    SELECT id AS change_set_id, created_at, requested_by, reason, ticket, source_name, source_sha256, rows_queued, rows_refused,
           approved_by, approved_at, queued_login, undoes, approved_plan, approved_sha256, approved_until
      FROM reconciler.change_set;

-- Plans and decisions, for auditors.
CREATE VIEW audit.v_plan AS
    SELECT id AS plan_id, created_at, valid_until, made_by, made_by_login, change_set_id, job, job_file_sha256, api, sample,
           sha256, voided_at, voided_because
      FROM reconciler.plan;

CREATE VIEW audit.v_approval AS
    SELECT id AS approval_id, change_set_id, verdict, plan_id, plan_sha256, approver, requested_by, queued_login, remark,
           decided_at, valid_until
      FROM reconciler.approval;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA reconciler FROM PUBLIC;
