-- What an auditor asks of one outcome or one request, in one row.

-- The error body as well: bounded, and without the values that were sent, which were masked before it was stored.
CREATE OR REPLACE VIEW audit.v_attempt AS
    SELECT attempt_id, run_id, change_ids, conversation_id, participant_id, purpose, method, path, request_sha256,
           started_at, took_micros, http_status, error_code, error_message, correlation_id, recorded_at, answer
      FROM audit.attempt;

-- Who asked, why, who approved what, and who executed it with which job file and program. The approval is the one that
-- held when the row was settled. An older record has approvals without a plan: then only approved_by is filled.
CREATE VIEW audit.v_accountability AS
    SELECT o.outcome_id, o.change_id, o.change_set_id, o.run_id, o.seal_id, o.conversation_id, o.participant_id,
           o.attribute_name, o.status, o.occurred_at,
           o.requested_by, s.queued_login, s.reason, s.ticket, s.source_sha256,
           o.approved_by, a.decided_at AS approved_at, a.remark AS approval_remark, a.plan_id, a.plan_sha256,
           r.started_by AS executed_by, r.database_user AS executed_as, r.host AS executed_on, r.job, r.job_file_sha256,
           r.version, r.started_at AS run_started_at
      FROM audit.outcome o
      LEFT JOIN reconciler.change_set s ON s.id = o.change_set_id
      LEFT JOIN audit.run r ON r.run_id = o.run_id
      LEFT JOIN LATERAL (
           SELECT p.decided_at, p.remark, p.plan_id, p.plan_sha256
             FROM reconciler.approval p
            WHERE p.change_set_id = o.change_set_id AND p.verdict = 'approved' AND p.approver = o.approved_by
              AND p.decided_at <= o.occurred_at
            ORDER BY p.id DESC
            LIMIT 1) AS a ON true;
