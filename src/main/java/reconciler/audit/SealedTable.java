package reconciler.audit;

import java.util.Arrays;
import java.util.List;

/// The tables whose rows are leaves: which columns, in which order, written how. Built-in functions
/// only, so that nobody can make a verification lie by replacing a function of ours.
///
/// Each query yields the seal, the row's id and the stored leaf (null where none is stored), then
/// the fields as text; the parameters `from` and `until` are the first and the last seal of
/// interest. Records that no seal covers come first, whatever the range.
enum SealedTable {
    ATTEMPT(
            "attempt",
            """
            SELECT seal_id, attempt_id AS id, leaf, attempt_id::text, seal_id::text, run_id::text, claim::text,
                   array_to_string(change_ids, ' '), conversation_id::text, participant_id::text, purpose, method, path,
                   request_sha256, trunc(extract(epoch FROM started_at) * 1000000)::bigint::text, took_micros::text,
                   http_status::text, error_code, error_message, answer, correlation_id,
                   trunc(extract(epoch FROM recorded_at) * 1000000)::bigint::text
              FROM audit.attempt a
             WHERE seal_id BETWEEN :from AND :until
             ORDER BY a.seal_id, a.attempt_id
            """,
            """
            attempt_id:INT8 seal_id:INT8 run_id:INT8 claim:INT8 change_ids:INT8S conversation_id:UUID participant_id:UUID
            purpose method path request_sha256 started_at:TIME took_micros:INT8 http_status:INT4 error_code error_message
            answer correlation_id recorded_at:TIME
            """),

    OUTCOME(
            "outcome",
            """
            SELECT seal_id, outcome_id AS id, leaf, outcome_id::text, seal_id::text, change_id::text, change_set_id::text,
                   run_id::text, claim::text, conversation_id::text, participant_id::text, participant_role, corrected_role,
                   attribute_name, encode(before_commit, 'hex'), encode(requested_commit, 'hex'), status, confirmed_by,
                   http_status::text, error_code, error_message, correlation_id, attempts::text, in_doubt::text,
                   requested_by, approved_by, encode(evidence, 'hex'),
                   trunc(extract(epoch FROM occurred_at) * 1000000)::bigint::text
              FROM audit.outcome o
             WHERE seal_id BETWEEN :from AND :until
             ORDER BY o.seal_id, o.outcome_id
            """,
            """
            outcome_id:INT8 seal_id:INT8 change_id:INT8 change_set_id:INT8 run_id:INT8 claim:INT8 conversation_id:UUID
            participant_id:UUID participant_role corrected_role attribute_name before_commit:BYTEA requested_commit:BYTEA
            status confirmed_by http_status:INT4 error_code error_message correlation_id attempts:INT4 in_doubt:BOOL
            requested_by approved_by evidence:BYTEA occurred_at:TIME
            """),

    RUN(
            "run",
            """
            SELECT s.seal_id, r.run_id AS id, NULL::bytea AS leaf, r.run_id::text, r.job,
                   trunc(extract(epoch FROM r.started_at) * 1000000)::bigint::text, r.trigger,
                   trunc(extract(epoch FROM r.scheduled_for) * 1000000)::bigint::text, r.started_by, r.database_user, r.host,
                   r.version, r.job_file_sha256, r.job_file, r.api, r.contract, r.epoch::text, r.planned::text,
                   r.horizon::text
              FROM audit.run r LEFT JOIN audit.seal s ON s.run_id = r.run_id AND s.kind = 'run-opened'
             WHERE s.seal_id BETWEEN :from AND :until OR s.seal_id IS NULL
             ORDER BY s.seal_id NULLS FIRST, r.run_id
            """,
            """
            run_id job started_at trigger scheduled_for started_by database_user host version job_file_sha256 job_file api
            contract epoch planned horizon
            """),

    RUN_END(
            "run_end",
            """
            SELECT s.seal_id, e.run_id AS id, NULL::bytea AS leaf, e.run_id::text,
                   trunc(extract(epoch FROM e.ended_at) * 1000000)::bigint::text, e.exit_code::text, e.explanation,
                   e.applied::text, e.unchanged::text, e.superseded::text, e.rejected::text, e.conflict::text,
                   e.expired::text, e.failed::text, e.pending::text, e.requests::text, e.throttled::text
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
            SELECT s.seal_id, e.event_id AS id, NULL::bytea AS leaf, e.event_id::text,
                   trunc(extract(epoch FROM e.occurred_at) * 1000000)::bigint::text, e.actor, e.database_user, e.action,
                   e.object, e.reason, e.detail
              FROM audit.event e LEFT JOIN audit.seal s ON s.event_id = e.event_id
             WHERE s.seal_id BETWEEN :from AND :until OR s.seal_id IS NULL
             ORDER BY s.seal_id NULLS FIRST, e.event_id
            """,
            "event_id occurred_at actor database_user action object reason detail"),

    SEAL(
            "seal",
            """
            SELECT seal_id, number AS id, hash AS leaf, seal_id::text, chain, number::text, kind, run_id::text, event_id::text,
                   attempts::text, outcomes::text, encode(root, 'hex'), encode(previous, 'hex'),
                   trunc(extract(epoch FROM sealed_at) * 1000000)::bigint::text, format::text
              FROM audit.seal s
             WHERE seal_id BETWEEN :from AND :until
             ORDER BY s.seal_id
            """,
            "seal_id chain number kind run_id event_id attempts outcomes root previous sealed_at format");

    private final String label;
    private final String query;

    @SuppressWarnings("ImmutableEnumChecker") // made by Stream.toList
    private final List<String> fields;

    @SuppressWarnings("ImmutableEnumChecker") // made by Stream.toList
    private final List<FieldType> types;

    SealedTable(String label, String query, String fields) {
        this.label = label;
        this.query = query;
        List<String[]> parts =
                Arrays.stream(fields.strip().split("\\s+"))
                        .map(field -> field.split(":", -1))
                        .toList();
        this.fields = parts.stream().map(part -> part[0]).toList();
        this.types =
                parts.stream()
                        .map(part -> part.length == 1 ? FieldType.TEXT : FieldType.valueOf(part[1]))
                        .toList();
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

    /// The columns' types, in the same order; what is not in a binary leaf counts as text.
    List<FieldType> types() {
        return types;
    }

    int index(String field) {
        int index = fields.indexOf(field);
        if (index < 0) {
            throw new IllegalArgumentException(label + " has no " + field);
        }
        return index;
    }
}
