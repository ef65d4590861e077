package reconciler.run;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/// Measures how long a run of 500 partitions takes to its first request, and in all, where Batch
/// has notes of old runs: with nothing old, with 600 old runs of 500 steps each, with the same
/// without the indexes that are ours, and after a purge. Arguments: partitions (500), old runs
/// (600), rounds (3).
final class BatchHistorySpeed {
    /// Batch's own schema has none of these.
    private static final List<String> OURS =
            List.of(
                    "batch_job_execution_by_instance ON batch.batch_job_execution (job_instance_id)",
                    "batch_step_execution_by_job ON batch.batch_step_execution (job_execution_id, step_name)",
                    "batch_job_execution_params_by_job ON batch.batch_job_execution_params (job_execution_id)",
                    "batch_job_instance_by_name ON batch.batch_job_instance (job_name, job_instance_id)",
                    "batch_job_execution_running ON batch.batch_job_execution (job_instance_id) WHERE status IN ('STARTING', 'STARTED', 'STOPPING')");

    private final Scenario scenario;
    private final int partitions;
    private final int rounds;

    private BatchHistorySpeed(Scenario scenario, int partitions, int rounds) {
        this.scenario = scenario;
        this.partitions = partitions;
        this.rounds = rounds;
    }

    static void main(String[] args) {
        int partitions = args.length > 0 ? Integer.parseInt(args[0]) : 500;
        int runs = args.length > 1 ? Integer.parseInt(args[1]) : 600;
        int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 3;
        try (var scenario = new Scenario()) {
            var speed = new BatchHistorySpeed(scenario, partitions, rounds);
            var _ = speed.run();
            speed.execute("ANALYZE");
            speed.measure("nothing old");
            speed.age(runs);
            long steps = scenario.count("SELECT count(*) FROM batch.batch_step_execution");
            speed.measure(steps + " step rows");
            OURS.forEach(index -> speed.execute("DROP INDEX batch." + index.split(" ", -1)[0]));
            speed.measure(steps + " step rows, without our indexes");
            OURS.forEach(index -> speed.execute("CREATE INDEX " + index));
            long start = System.nanoTime();
            long purged =
                    new BatchHistory(scenario.database.dataSource(), InstantSource.system())
                            .purge(Duration.ofDays(90), "kim");
            System.out.printf(Locale.ROOT, "purge of %d runs: %.1f s%n", purged, seconds(start));
            speed.execute("VACUUM ANALYZE");
            speed.measure("after it");
        }
    }

    /// Of a run, in seconds.
    private record Time(double toFirstRequest, double inAll) {}

    private void measure(String what) {
        List<Time> times = Stream.generate(this::run).limit(rounds).toList();
        System.out.printf(
                Locale.ROOT,
                "%s: %.1f s to the first request, %.1f s in all (medians of %d)%n",
                what,
                median(times, Time::toFirstRequest),
                median(times, Time::inAll),
                rounds);
    }

    private static double median(List<Time> times, ToDoubleFunction<Time> time) {
        return times.stream().mapToDouble(time).sorted().toArray()[times.size() / 2];
    }

    private Time run() {
        for (int i = 0; i < 2 * partitions; i++) {
            scenario.order().queue();
        }
        long start = System.nanoTime();
        RunReport report = scenario.run("partitions: {per-role: " + partitions + ", chunk: 200}");
        if (report.exitCode() != ExitCode.OK) {
            throw new IllegalStateException(report.explanation());
        }
        double first =
                scenario.jdbc
                        .sql(
                                """
                                SELECT extract(epoch FROM min(a.started_at) - r.started_at)::float8
                                  FROM audit.v_run r JOIN audit.v_attempt a USING (run_id)
                                 WHERE r.run_id = (SELECT max(run_id) FROM audit.v_run WHERE epoch > 0)
                                 GROUP BY r.started_at
                                """)
                        .query(Double.class)
                        .single();
        return new Time(first, seconds(start));
    }

    /// Copies the last run's notes, as if there had been more of them long ago.
    private void age(int runs) {
        var statements = new ArrayList<String>();
        statements.add(
                """
                CREATE TABLE old_run AS
                SELECT n, nextval('batch.batch_job_instance_seq') AS instance, nextval('batch.batch_job_execution_seq') AS execution
                  FROM generate_series(1, %d) AS n
                """
                        .formatted(runs));
        statements.add(
                """
                INSERT INTO batch.batch_job_instance SELECT instance - 1000000, 0, 'reconcile', md5('old ' || n) FROM old_run
                """);
        statements.add(
                """
                INSERT INTO batch.batch_job_execution
                SELECT execution - 1000000, 2, instance - 1000000, e.create_time - interval '100 days',
                       e.start_time - interval '100 days', e.end_time - interval '100 days', e.status, e.exit_code, e.exit_message,
                       e.last_updated
                  FROM old_run, (SELECT * FROM batch.batch_job_execution ORDER BY job_execution_id DESC LIMIT 1) e
                """);
        statements.add(
                """
                INSERT INTO batch.batch_job_execution_params
                SELECT execution - 1000000, p.parameter_name, p.parameter_type, p.parameter_value, p.identifying
                  FROM old_run, batch.batch_job_execution_params p
                 WHERE p.job_execution_id = (SELECT max(job_execution_id) FROM batch.batch_job_execution)
                """);
        statements.add(
                """
                INSERT INTO batch.batch_step_execution
                SELECT -nextval('batch.batch_step_execution_seq'), s.version, s.step_name, execution - 1000000, s.create_time,
                       s.start_time, s.end_time, s.status, s.commit_count, s.read_count, s.filter_count, s.write_count,
                       s.read_skip_count, s.write_skip_count, s.process_skip_count, s.rollback_count, s.exit_code, s.exit_message,
                       s.last_updated
                  FROM old_run, batch.batch_step_execution s
                 WHERE s.job_execution_id = (SELECT max(job_execution_id) FROM batch.batch_job_execution)
                """);
        statements.add(
                """
                INSERT INTO batch.batch_step_execution_context
                SELECT step_execution_id, '{}', NULL FROM batch.batch_step_execution WHERE step_execution_id < 0
                """);
        statements.add("ANALYZE");
        statements.forEach(this::execute);
    }

    private void execute(String statement) {
        scenario.jdbc.sql(statement).update();
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
