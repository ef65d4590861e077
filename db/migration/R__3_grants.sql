-- What each role of db/roles/roles.sql may do. `reconciler migrate` ends with it, also when it did not change: roles may be new
-- since, or have been given a right by hand. A database without these roles is for whoever owns it alone.

DO $$
DECLARE
    name    text;
    columns text;
BEGIN
    IF to_regrole('reconciler_owner') IS NULL THEN
        RETURN;
    END IF;

    -- The job. Of a change it may move what is its own, and never what was asked for.
    GRANT USAGE ON SCHEMA reconciler, audit, batch TO reconciler_app;
    -- Table by table: what is not named here the job cannot touch.
    REVOKE ALL ON ALL TABLES IN SCHEMA reconciler FROM reconciler_app;
    GRANT SELECT, INSERT, DELETE ON reconciler.staged_change TO reconciler_app;
    -- What is about to be sent is written and taken away, never altered; so is a pause, and when it began.
    GRANT SELECT, INSERT, DELETE ON reconciler.intent TO reconciler_app;
    GRANT SELECT, DELETE, INSERT (change_set_id, paused_by, reason) ON reconciler.pause TO reconciler_app;
    GRANT SELECT, DELETE, INSERT (change_id, conversation_id, participant_id, attribute_name, reason, sent)
       ON reconciler.set_aside TO reconciler_app;
    -- Who may run, and how fast everybody may go, is handed on, never away.
    GRANT SELECT, INSERT, UPDATE ON reconciler.lease, reconciler.rate TO reconciler_app;
    -- On which server it was worked is added to.
    GRANT SELECT, INSERT (lane, server, doubtful_until) ON reconciler.server_history TO reconciler_app;
    GRANT EXECUTE ON FUNCTION reconciler.server_incarnation() TO reconciler_app;
    -- A plan is written once and then sealed. When, and by which login, is not for whoever makes it to say; that it does not
    -- hold any more, reconciler.void_plans() says.
    GRANT SELECT, INSERT (valid_until, made_by, change_set_id, job, job_file_sha256, api, as_of, horizon, sample),
          UPDATE (sha256) ON reconciler.plan TO reconciler_app;
    GRANT SELECT, INSERT, DELETE, UPDATE (finding, own_role, before_commit) ON reconciler.plan_row TO reconciler_app;
    GRANT SELECT ON reconciler.flyway_schema_history, reconciler.change_set, reconciler.approval TO reconciler_app;
    GRANT SELECT, INSERT ON reconciler.attribute_change TO reconciler_app;
    -- Who queued a set, and who approved it, is not for whoever queues it to say.
    SELECT string_agg(quote_ident(a.attname), ', ') INTO columns
      FROM pg_attribute a
     WHERE a.attrelid = 'reconciler.change_set'::regclass AND a.attnum > 0 AND NOT a.attisdropped
       AND a.attname NOT IN ('id', 'created_at', 'queued_login') AND a.attname !~ '^approved_';
    EXECUTE format('GRANT INSERT (%s) ON reconciler.change_set TO reconciler_app', columns);
    FOR name, columns IN
        SELECT a.attrelid::regclass::text, string_agg(quote_ident(a.attname), ', ')
          FROM pg_attribute a
         WHERE a.attrelid IN ('reconciler.attribute_change'::regclass, 'reconciler.change_set'::regclass)
           AND a.attnum > 0 AND NOT a.attisdropped
           AND a.attname NOT IN ('id', 'created_at', 'requested_by', 'conversation_id', 'participant_id', 'participant_role',
                                 'attribute_name', 'attribute_value', 'change_set_id', 'not_before', 'apply_by', 'bucket',
                                 'reason', 'ticket', 'source_name', 'source_sha256', 'queued_login', 'undoes', 'atomic',
                                 'redrives', 'atomic_group', 'priority')
           AND a.attname !~ '^approved_'
         GROUP BY a.attrelid LOOP
        EXECUTE format('GRANT UPDATE (%s) ON %s TO reconciler_app', columns, name);
    END LOOP;
    GRANT USAGE ON ALL SEQUENCES IN SCHEMA reconciler, batch TO reconciler_app;
    GRANT EXECUTE ON FUNCTION reconciler.plan_sha256(bigint), reconciler.void_plans(bigint, text, bigint),
                              reconciler.is_approved(bigint, bigint), reconciler.atomic_group_of(bigint),
                              reconciler.free_sets(bigint[], integer, text[], timestamptz),
                              reconciler.approved_sets(), reconciler.waiting_for(uuid, uuid, text),
                              reconciler.analyze_queue() TO reconciler_app;

    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA batch TO reconciler_app;

    -- An approver may what the job may, since a decision is made looking at a plan; and decide.
    GRANT EXECUTE ON FUNCTION reconciler.approve(bigint, bigint, text, interval), reconciler.reject(bigint, text)
        TO reconciler_approver;

    -- Ids, the database's clock, its user and the leaves are not for the job to choose; attempts, outcomes and values get in
    -- by audit.append_chunk() alone.
    GRANT SELECT ON ALL TABLES IN SCHEMA audit TO reconciler_app;
    GRANT INSERT (job, trigger, scheduled_for, started_by, host, version, job_file_sha256, job_file, api, contract, epoch,
                  planned, horizon, approval_rule) ON audit.run TO reconciler_app;
    GRANT INSERT (run_id, exit_code, explanation, applied, unchanged, superseded, rejected, conflict, expired, failed,
                  pending, requests, throttled) ON audit.run_end TO reconciler_app;
    REVOKE INSERT ON audit.attempt, audit.outcome, audit.value FROM reconciler_app;
    GRANT INSERT (actor, action, object, reason, detail) ON audit.event TO reconciler_app;
    REVOKE ALL ON ALL SEQUENCES IN SCHEMA audit FROM reconciler_app;
    GRANT EXECUTE ON FUNCTION audit.net(text), audit.micros(timestamptz), audit.ensure_partitions(), audit.lock_journal() TO reconciler_app;
    -- By name: it has too many parameters to list, and one form.
    FOR name IN SELECT p.oid::regprocedure::text FROM pg_proc p
                 WHERE p.pronamespace = 'audit'::regnamespace AND p.proname = 'append_chunk' LOOP
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO reconciler_app', name);
    END LOOP;

    -- The auditor: everything but the values.
    GRANT USAGE ON SCHEMA audit TO reconciler_auditor;
    FOR name IN SELECT c.relname FROM pg_class c
                 WHERE c.relnamespace = 'audit'::regnamespace AND c.relkind IN ('r', 'p', 'v')
                   AND c.relname !~ '^value' LOOP
        EXECUTE format('GRANT SELECT ON audit.%I TO reconciler_auditor', name);
    END LOOP;

    -- The view of who needed an approval asks by the rule that runs ask by.
    GRANT EXECUTE ON FUNCTION reconciler.free_sets(bigint[], integer, text[], timestamptz) TO reconciler_auditor;
    -- An export is an event.
    GRANT INSERT (actor, action, object, reason, detail) ON audit.event TO reconciler_auditor;

    GRANT USAGE ON SCHEMA reconciler TO reconciler_intake;
    GRANT INSERT (conversation_id, participant_id, participant_role, attribute_name, attribute_value, requested_by,
                  not_before, apply_by, priority) ON reconciler.attribute_change TO reconciler_intake;

    GRANT USAGE ON SCHEMA audit TO reconciler_reveal;
    GRANT EXECUTE ON FUNCTION audit.reveal(bigint, text, text), audit.erase(uuid, text, text) TO reconciler_reveal;
END
$$;
