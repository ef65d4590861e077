package reconciler.audit;

import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

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
                   r.job_file_sha256, r.api, r.contract, r.planned, r.exit_code, r.explanation, r.requests, r.throttled
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
            """);

    /// What a spreadsheet would take for a formula.
    private static final String FORMULA = "=+-@\t\r";

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

    void write(JdbcClient jdbc, SealRange range, OutputStream out) {
        // Not closed: the stream is the pack's.
        CsvWriter csv =
                CsvWriter.builder().build(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        jdbc.sql(query)
                .withFetchSize(2_000)
                .param("from", range.from())
                .param("until", range.until())
                .query((ResultSet rows) -> {
                    int columns = rows.getMetaData().getColumnCount();
                    var record = new String[columns];
                    for (int i = 0; i < columns; i++) {
                        record[i] = rows.getMetaData().getColumnLabel(i + 1);
                    }
                    csv.writeRecord(List.of(record));
                    while (rows.next()) {
                        csv.writeRecord(Arrays.asList(cells(rows, record)));
                    }
                    return columns;
                });
        try {
            csv.flush();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String[] cells(ResultSet row, String[] record) throws SQLException {
        for (int i = 0; i < record.length; i++) {
            record[i] = harmless(row.getString(i + 1));
        }
        return record;
    }

    private static String harmless(@Nullable String text) {
        if (text == null) {
            return "";
        }
        return !text.isEmpty() && FORMULA.indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    }
}
