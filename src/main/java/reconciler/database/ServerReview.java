package reconciler.database;

import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What an administrator may have set that we cannot set ourselves: a sentence each, with what it
/// may cost and the remedy.
public record ServerReview(DataSource dataSource) {
    private static final String SETTINGS =
            """
            SELECT current_setting('fsync') <> 'on' AS no_fsync,
                   current_setting('full_page_writes') <> 'on' AS torn_pages,
                   current_setting('log_parameter_max_length') <> '0'
                   AND (current_setting('log_statement') IN ('mod', 'all')
                        OR current_setting('log_min_duration_statement') <> '-1'
                        OR current_setting('log_min_duration_sample') <> '-1'
                        OR current_setting('log_transaction_sample_rate') <> '0') AS logs_values,
                   current_setting('log_parameter_max_length_on_error') <> '0' AS logs_values_on_error,
                   current_setting('synchronous_standby_names') = ''
                   AND EXISTS (SELECT FROM pg_stat_replication) AS lossy_failover,
                   (SELECT s.reset_val IN ('off', 'local', 'remote_write') FROM pg_settings s WHERE s.name = 'synchronous_commit') AS early_answers,
                   NOT current_setting('autovacuum')::boolean OR NOT current_setting('track_counts')::boolean AS no_autovacuum
            """;

    /// Empty when there is nothing to say.
    public List<String> remarks() {
        return JdbcClient.create(dataSource)
                .sql(SETTINGS)
                .query((row, _) -> {
                    List<String> remarks = new ArrayList<>();
                    if (row.getBoolean("no_fsync")) {
                        remarks.add(
                                "fsync is off: a crash of the server's machine may lose or break anything, sent changes and the audit too;"
                                        + " set fsync = on");
                    }
                    if (row.getBoolean("torn_pages")) {
                        remarks.add(
                                "full_page_writes is off: a crash of the server's machine may leave broken pages; set full_page_writes = on,"
                                        + " unless its file system never tears a page");
                    }
                    if (row.getBoolean("early_answers")) {
                        remarks.add(
                                "synchronous_commit is below on: our sessions raise it, but rows that others insert by SQL may be lost in a crash"
                                        + " after their insert was answered; set synchronous_commit = on");
                    }
                    if (row.getBoolean("lossy_failover")) {
                        remarks.add(
                                "standbys follow without synchronous_standby_names: a failover to one may lose the last commits, of which the API"
                                        + " has had the requests; name them there, or read docs/database.md for what is lost and what to do then");
                    }
                    if (row.getBoolean("logs_values")) {
                        remarks.add(
                                "the server's log takes statements with their parameters, which are attribute values, and nothing erases them there:"
                                        + " ALTER ROLE ... SET log_parameter_max_length = 0 (as a superuser)");
                    }
                    if (row.getBoolean("logs_values_on_error")) {
                        remarks.add(
                                "the server's log takes the parameters of statements that fail, which are attribute values:"
                                        + " ALTER ROLE ... SET log_parameter_max_length_on_error = 0");
                    }
                    if (row.getBoolean("no_autovacuum")) {
                        remarks.add(
                                "autovacuum does not work (autovacuum or track_counts is off): the queue grows with each run and becomes slow;"
                                        + " set both on");
                    }
                    return remarks;
                })
                .single();
    }
}
