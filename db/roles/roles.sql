-- Roles with as few rights as their work needs. Once per database, by an administrator, before the first migration:
--     psql -d reconciler -f db/roles/roles.sql
-- then a password for each that logs in (ALTER ROLE reconciler_app PASSWORD '...'), and
--     RECONCILER_DB_USER=reconciler_migrate ./reconciler migrate
-- Each migration ends with granting (db/migration/R__3_grants.sql). It may be run again.
--
--   reconciler_owner    owns everything; nobody can log in as it
--   reconciler_migrate  acts as the owner; for `migrate` and `audit retain`, not for the job
--   reconciler_app      the job and the commands: the queue; of the audit only SELECT and INSERT
--   reconciler_approver a member of reconciler_app that may approve and reject; nobody logs in as it. People have logins
--                       of their own, since an approval is theirs: CREATE ROLE ann LOGIN PASSWORD '...' IN ROLE
--                       reconciler_approver; who queues is IN ROLE reconciler_app
--   reconciler_auditor  reads the whole record and verifies it, without the values
--   reconciler_intake   inserts orders, sees nothing
--   reconciler_reveal   sees one value at a time, erases a participant's; each is an event

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['reconciler_owner', 'reconciler_migrate', 'reconciler_app', 'reconciler_approver',
                                'reconciler_auditor', 'reconciler_intake', 'reconciler_reveal'] LOOP
        IF to_regrole(name) IS NULL THEN
            EXECUTE format('CREATE ROLE %I', name);
        END IF;
        EXECUTE format('ALTER ROLE %I NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS %s',
                       name, CASE WHEN name IN ('reconciler_owner', 'reconciler_approver') THEN 'NOLOGIN' ELSE 'LOGIN' END);
        EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), name);
    END LOOP;
    GRANT reconciler_owner TO reconciler_migrate;
    GRANT reconciler_app TO reconciler_approver;
    -- What it creates belongs to the owner.
    ALTER ROLE reconciler_migrate SET role = 'reconciler_owner';
    EXECUTE format('GRANT CREATE ON DATABASE %I TO reconciler_owner', current_database());
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    REVOKE ALL ON SCHEMA public FROM PUBLIC;
END
$$;
