package reconciler.run;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.change.AttributeChange;
import reconciler.change.Participant;
import reconciler.change.ParticipantChanges;
import reconciler.change.ParticipantRole;
import reconciler.change.Provenance;
import reconciler.database.Database;
import reconciler.embedded.TestPostgres;
import reconciler.patch.ApiSettings;
import reconciler.patch.AttributePatcher;
import reconciler.patch.DeadlineClock;
import reconciler.patch.LocalPace;
import reconciler.patch.Rate;

/// Measures a whole run against the simulator in a process of its own (20 ms an answer, 64 in
/// flight, so 3,200 requests a second at best), and beside it, in the same minute, the bare client:
/// the same requests without a database. The simulator must have been started with `--adopt
/// --latency 20ms`. Arguments: its port, participants (30000), rounds (3).
final class ThroughputSpeed {
    private static final int IN_FLIGHT = 64;
    private static final String JOB = "api: {in-flight: 64, timeout: 10s}";

    private ThroughputSpeed() {}

    static void main(String[] args) throws IOException {
        String url = "http://127.0.0.1:" + args[0];
        int participants = args.length > 1 ? Integer.parseInt(args[1]) : 30_000;
        int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 3;
        try (Socket reachable = new Socket("127.0.0.1", Integer.parseInt(args[0]));
                InputStream _ = reachable.getInputStream();
                Database database = Database.open(TestPostgres.freshDatabase(), 10)) {
            Map<String, String> settings =
                    Map.of(
                            "RECONCILER_API_BASE_URL", URI.create(url).toString(),
                            "RECONCILER_API_CLIENT_ID", "demo",
                            "RECONCILER_API_CLIENT_SECRET", "demo-secret");
            ApiSettings api = ApiSettings.of(settings::get);
            for (int round = 0; round < rounds; round++) {
                long before = cpuNanos();
                double bare = bare(api, participants);
                long between = cpuNanos();
                double whole = whole(database, api, participants);
                System.out.printf(
                        "bare client %.0f requests/s, CPU %d us each; whole run %.0f requests/s, CPU %d us each, %.0f rows/s: %.0f %% of the client, %.0f %% of 3200%n",
                        bare,
                        (between - before) / 1000 / participants,
                        whole,
                        (cpuNanos() - between) / 1000 / participants,
                        2 * whole,
                        100 * whole / bare,
                        whole / 32);
            }
        }
    }

    /// @return requests a second
    static double whole(Database database, ApiSettings api, int participants) {
        JdbcClient.create(database.dataSource())
                .sql(
                        """
                        INSERT INTO reconciler.attribute_change
                        SELECT gen_random_uuid(), p.id, CASE WHEN random() < 0.9 THEN 'contact' ELSE 'agent' END, a.name, 'v',
                               'kim'
                          FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, :participants)) p
                          CROSS JOIN (VALUES ('tier')) AS a (name)
                        """)
                .param("participants", participants)
                .update();
        JdbcClient.create(database.dataSource())
                .sql(
                        """
                        INSERT INTO reconciler.attribute_change
                        SELECT conversation_id, participant_id, participant_role, 'skill', 'v', 'kim'
                          FROM reconciler.attribute_change WHERE state = 'PENDING'
                        """)
                .update();
        var reconciliation =
                new Reconciliation(
                        database.dataSource(),
                        api,
                        new Reconciliation.Identity("here", 1, "speed", UUID::randomUUID),
                        InstantSource.system(),
                        new Random(1));
        long start = System.nanoTime();
        RunReport report = reconciliation.run(Scenario.request(JOB), new StopSignal(), _ -> {});
        if (report.exitCode() != ExitCode.OK) {
            throw new IllegalStateException(report.explanation());
        }
        return perSecond(report.statistics().requests(), System.nanoTime() - start);
    }

    private static double bare(ApiSettings api, int participants) {
        var stop = new StopSignal();
        List<ParticipantChanges> all =
                java.util.stream.IntStream.range(0, participants)
                        .mapToObj(ThroughputSpeed::changes)
                        .collect(Collectors.toCollection(ArrayList::new));
        try (var patcher =
                new AttributePatcher(
                        api,
                        Patchers.settings(Scenario.request(JOB).job()),
                        new LocalPace(new Rate(null, false), System::nanoTime, stop),
                        () -> true,
                        stop,
                        DeadlineClock.of(InstantSource.system(), System::nanoTime),
                        new Random(1))) {
            var permits = new Semaphore(IN_FLIGHT);
            long start = System.nanoTime();
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (ParticipantChanges changes : all) {
                    permits.acquireUninterruptibly();
                    var _ =
                            threads.submit(() -> {
                                patcher.patch(
                                        changes,
                                        patcher.newPage(
                                                List.of(changes), (_, _) -> () -> {}, Map.of()));
                                permits.release();
                            });
                }
            }
            return perSecond(patcher.statistics().requests(), System.nanoTime() - start);
        }
    }

    private static ParticipantChanges changes(int number) {
        var participant =
                new Participant(
                        new java.util.UUID(7, number), new java.util.UUID(8, System.nanoTime()));
        return new ParticipantChanges(
                List.of(
                        new AttributeChange(
                                number,
                                participant,
                                new ParticipantRole("contact"),
                                "tier",
                                "v",
                                new Provenance(null, "kim", null),
                                null,
                                null,
                                false,
                                0)));
    }

    /// Of this process alone: the database and the simulator have their own.
    private static long cpuNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    private static double perSecond(long number, long nanos) {
        return number * (double) Duration.ofSeconds(1).toNanos() / nanos;
    }
}
