package reconciler.audit;

/// What people read in a pack: a statement, and its rows as a table for a spreadsheet.
enum PackedQuery {
    OUTCOMES(
            "outcomes",
            """
            SELECT o.outcome_id, o.change_id, o.change_set_id, o.run_id, o.conversation_id, o.participant_id, o.participant_role,
                   o.corrected_role, o.attribute_name, o.status, o.confirmed_by, o.http_status, o.error_code, o.error_message,
                   o.correlation_id, o.attempts, o.in_doubt, o.requested_by, o.approved_by,
                   o.occurred_at AT TIME ZONE 'UTC' AS occurred_at_utc
              FROM audit.outcome o
             WHERE o.seal_id BETWEEN :from AND :until
             ORDER BY o.seal_id, o.outcome_id
            """),

    RUNS(
            "runs",
            """
            SELECT r.run_id, r.job, r.trigger, r.started_at AT TIME ZONE 'UTC' AS started_at_utc,
                   r.ended_at AT TIME ZONE 'UTC' AS ended_at_utc, r.started_by, r.database_user, r.host, r.version,
                   r.job_file_sha256, r.api, r.contract, r.planned, r.exit_code, r.explanation, r.requests, r.throttled,
                   r.approval_rule
              FROM audit.v_run r
             WHERE r.run_id IN (SELECT s.run_id FROM audit.seal s
                                 WHERE s.kind = 'run-opened' AND s.seal_id BETWEEN :from AND :until)
             ORDER BY r.run_id
            """),

    CHANGE_SETS(
            "change-sets",
            """
            SELECT c.change_set_id, c.created_at AT TIME ZONE 'UTC' AS created_at_utc, c.requested_by, c.reason, c.ticket,
                   c.source_name, c.source_sha256, c.rows_queued, c.rows_refused, c.approved_by,
                   c.approved_at AT TIME ZONE 'UTC' AS approved_at_utc
              FROM audit.v_change_set c
             WHERE c.change_set_id IN (SELECT o.change_set_id FROM audit.outcome o
                                        WHERE o.seal_id BETWEEN :from AND :until)
             ORDER BY c.change_set_id
            """),

    COUNTS_BY_RUN(
            "counts-by-run",
            """
            SELECT r.run_id, r.job, r.planned, r.outcomes, r.applied, r.unchanged, r.superseded, r.rejected, r.conflict,
                   r.expired, r.failed, r.pending, r.end_minus_outcomes, r.requests, r.end_minus_requests
              FROM audit.v_run_reconciliation r
             WHERE r.run_id IN (SELECT s.run_id FROM audit.seal s
                                 WHERE s.kind = 'run-opened' AND s.seal_id BETWEEN :from AND :until)
             ORDER BY r.run_id
            """),

    COUNTS_BY_SET(
            "counts-by-set",
            """
            SELECT r.change_set_id, r.queued, r.applied, r.unchanged, r.superseded, r.rejected, r.conflict, r.expired,
                   r.cancelled, r.failed, r.pending, r.in_flight, r.without_their_outcome, r.with_a_premature_outcome
              FROM audit.v_reconciliation r
             WHERE r.change_set_id IN (SELECT o.change_set_id FROM audit.outcome o
                                        WHERE o.seal_id BETWEEN :from AND :until)
             ORDER BY r.change_set_id
            """),

    SEPARATION_OF_DUTY(
            "separation-of-duty",
            """
            SELECT d.outcome_id, d.change_id, d.change_set_id, d.run_id, d.requested_by, d.approved_by, d.started_by,
                   d.occurred_at AT TIME ZONE 'UTC' AS occurred_at_utc, d.violation
              FROM audit.v_separation_of_duty d
             WHERE d.seal_id BETWEEN :from AND :until
             ORDER BY d.outcome_id
            """),

    ATTEMPTS(
            "attempts",
            """
            SELECT a.attempt_id, a.run_id, array_to_string(a.change_ids, ' ') AS change_ids, a.conversation_id, a.participant_id,
                   a.purpose, a.method, a.path, a.request_sha256, a.started_at AT TIME ZONE 'UTC' AS started_at_utc,
                   a.took_micros, a.http_status, a.error_code, a.error_message, a.answer, a.correlation_id,
                   a.recorded_at AT TIME ZONE 'UTC' AS recorded_at_utc
              FROM audit.attempt a
             WHERE a.seal_id BETWEEN :from AND :until
             ORDER BY a.seal_id, a.attempt_id
            """),

    ACCOUNTABILITY(
            "accountability",
            """
            SELECT a.outcome_id, a.change_id, a.change_set_id, a.run_id, a.attribute_name, a.status,
                   a.occurred_at AT TIME ZONE 'UTC' AS occurred_at_utc, a.requested_by, a.queued_login, a.reason, a.ticket,
                   a.source_sha256, a.approved_by, a.approved_at AT TIME ZONE 'UTC' AS approved_at_utc, a.approval_remark,
                   a.plan_id, a.plan_sha256, a.executed_by, a.executed_as, a.executed_on, a.job, a.job_file_sha256, a.version,
                   a.run_started_at AT TIME ZONE 'UTC' AS run_started_at_utc
              FROM audit.v_accountability a
             WHERE a.seal_id BETWEEN :from AND :until
             ORDER BY a.seal_id, a.outcome_id
            """),

    /// Whatever was decided about a set, also before and after the stretch.
    APPROVALS(
            "approvals",
            """
            SELECT a.approval_id, a.change_set_id, a.verdict, a.plan_id, a.plan_sha256, a.approver, a.requested_by,
                   a.queued_login, a.remark, a.decided_at AT TIME ZONE 'UTC' AS decided_at_utc,
                   a.valid_until AT TIME ZONE 'UTC' AS valid_until_utc
              FROM audit.v_approval a
             WHERE a.change_set_id IN (SELECT o.change_set_id FROM audit.outcome o
                                        WHERE o.seal_id BETWEEN :from AND :until)
             ORDER BY a.approval_id
            """),

    PLANS(
            "plans",
            """
            SELECT p.plan_id, p.change_set_id, p.created_at AT TIME ZONE 'UTC' AS created_at_utc,
                   p.valid_until AT TIME ZONE 'UTC' AS valid_until_utc, p.made_by, p.made_by_login, p.job, p.job_file_sha256,
                   p.api, p.sample, p.sha256, p.voided_at AT TIME ZONE 'UTC' AS voided_at_utc, p.voided_because
              FROM audit.v_plan p
             WHERE p.change_set_id IN (SELECT o.change_set_id FROM audit.outcome o
                                        WHERE o.seal_id BETWEEN :from AND :until)
             ORDER BY p.plan_id
            """);

    private final String file;
    private final String query;

    PackedQuery(String file, String query) {
        this.file = file;
        this.query = query;
    }

    String file() {
        return file;
    }

    String query() {
        return query;
    }
}
