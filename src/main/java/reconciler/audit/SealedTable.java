package reconciler.audit;

import java.util.List;

/// The tables whose rows are leaves: which columns, in which order. Built-in functions only, so
/// that nobody can make a verification lie by replacing a function of ours.
///
/// Each query yields the seal, the row's id, the stored leaf (null where none is stored), and the
/// row in the binary form in which Postgres sends a record, which holds whatever a column can; the
/// parameters `from` and `until` are the first and the last seal of interest. Records that no seal
/// covers come first, whatever the range.
enum SealedTable {
    /// The record is what the leaf was made from.
    ATTEMPT(
            "attempt",
            """
            SELECT a.seal_id, a.attempt_id AS id, a.leaf,
                   record_send(ROW('attempt'::text, a.attempt_id, a.seal_id, a.run_id, a.claim, a.change_ids,
                                   a.conversation_id, a.participant_id, a.purpose, a.method, a.path, a.request_sha256,
                                   a.started_at, a.took_micros, a.http_status, a.error_code, a.error_message, a.answer,
                                   a.correlation_id, a.recorded_at)) AS record
              FROM audit.attempt a
             WHERE a.seal_id BETWEEN :from AND :until
             ORDER BY a.seal_id, a.attempt_id
            """,
            """
            attempt_id seal_id run_id claim change_ids conversation_id participant_id purpose method path request_sha256
            started_at took_micros http_status error_code error_message answer correlation_id recorded_at
            """),

    /// The record is what the leaf was made from.
    OUTCOME(
            "outcome",
            """
            SELECT o.seal_id, o.outcome_id AS id, o.leaf,
                   record_send(ROW('outcome'::text, o.outcome_id, o.seal_id, o.change_id, o.change_set_id, o.run_id,
                                   o.claim, o.conversation_id, o.participant_id, o.participant_role, o.corrected_role,
                                   o.attribute_name, o.before_commit, o.requested_commit, o.standing_commit, o.status, o.confirmed_by,
                                   o.http_status, o.error_code, o.error_message, o.correlation_id, o.attempts, o.in_doubt,
                                   o.requested_by, o.approved_by, o.evidence, o.occurred_at)) AS record
              FROM audit.outcome o
             WHERE o.seal_id BETWEEN :from AND :until
             ORDER BY o.seal_id, o.outcome_id
            """,
            """
            outcome_id seal_id change_id change_set_id run_id claim conversation_id participant_id participant_role
            corrected_role attribute_name before_commit requested_commit standing_commit status confirmed_by http_status error_code
            error_message correlation_id attempts in_doubt requested_by approved_by evidence occurred_at
            """),

    RUN(
            "run",
            """
            SELECT s.seal_id, r.run_id AS id, NULL::bytea AS leaf,
                   record_send(ROW('run'::text, r.run_id, r.job, r.started_at, r.trigger, r.scheduled_for, r.started_by,
                                   r.database_user, r.host, r.version, r.job_file_sha256, r.job_file, r.api, r.contract,
                                   r.epoch, r.planned, r.horizon, r.approval_rule)) AS record
              FROM audit.run r LEFT JOIN audit.seal s ON s.run_id = r.run_id AND s.kind = 'run-opened'
             WHERE s.seal_id BETWEEN :from AND :until OR s.seal_id IS NULL
             ORDER BY s.seal_id NULLS FIRST, r.run_id
            """,
            """
            run_id job started_at trigger scheduled_for started_by database_user host version job_file_sha256 job_file api
            contract epoch planned horizon approval_rule
            """),

    RUN_END(
            "run_end",
            """
            SELECT s.seal_id, e.run_id AS id, NULL::bytea AS leaf,
                   record_send(ROW('run_end'::text, e.run_id, e.ended_at, e.exit_code, e.explanation, e.applied,
                                   e.unchanged, e.superseded, e.rejected, e.conflict, e.expired, e.failed, e.pending,
                                   e.requests, e.throttled)) AS record
              FROM audit.run_end e LEFT JOIN audit.seal s ON s.run_id = e.run_id AND s.kind = 'run-closed'
             WHERE s.seal_id BETWEEN :from AND :until OR s.seal_id IS NULL
             ORDER BY s.seal_id NULLS FIRST, e.run_id
            """,
            """
            run_id ended_at exit_code explanation applied unchanged superseded rejected conflict expired failed pending
            requests throttled
            """),

    EVENT(
            "event",
            """
            SELECT s.seal_id, e.event_id AS id, NULL::bytea AS leaf,
                   record_send(ROW('event'::text, e.event_id, e.occurred_at, e.actor, e.database_user, e.action, e.object,
                                   e.reason, e.detail)) AS record
              FROM audit.event e LEFT JOIN audit.seal s ON s.event_id = e.event_id
             WHERE s.seal_id BETWEEN :from AND :until OR s.seal_id IS NULL
             ORDER BY s.seal_id NULLS FIRST, e.event_id
            """,
            "event_id occurred_at actor database_user action object reason detail"),

    SEAL(
            "seal",
            """
            SELECT s.seal_id, s.number AS id, s.hash AS leaf,
                   record_send(ROW('seal'::text, s.seal_id, s.chain, s.number, s.kind, s.run_id, s.event_id, s.attempts,
                                   s.outcomes, s.root, s.previous, s.sealed_at)) AS record
              FROM audit.seal s
             WHERE s.seal_id BETWEEN :from AND :until
             ORDER BY s.seal_id
            """,
            "seal_id chain number kind run_id event_id attempts outcomes root previous sealed_at");

    private final String label;
    private final String query;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> fields;

    SealedTable(String label, String query, String fields) {
        this.label = label;
        this.query = query;
        this.fields = List.of(fields.strip().split("\\s+"));
    }

    /// The table's name, which begins each leaf.
    String label() {
        return label;
    }

    String query() {
        return query;
    }

    /// Names of the fields, in order.
    List<String> fields() {
        return fields;
    }

    int index(String field) {
        int index = fields.indexOf(field);
        if (index < 0) {
            throw new IllegalArgumentException(label + " has no " + field);
        }
        return index;
    }
}
