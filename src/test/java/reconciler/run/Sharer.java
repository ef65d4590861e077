package reconciler.run;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import reconciler.change.AttributeChange;
import reconciler.change.Participant;
import reconciler.change.ParticipantChanges;
import reconciler.change.ParticipantRole;
import reconciler.change.Provenance;
import reconciler.database.Database;
import reconciler.database.DatabaseSettings;
import reconciler.outcome.Turn;
import reconciler.patch.ApiSettings;
import reconciler.patch.AttributePatcher;

/// One of several processes that share the pace. Two runs cannot hold the lease at once, so this is
/// a run's patcher with a run's pace in a JVM of its own, and no more of a run.
final class Sharer implements AutoCloseable {
    /// So many of its participants come before it is ready: a JVM that loads its classes sends what
    /// was evenly spaced in bunches.
    static final int WARM_UP = 50;

    private static final String READY = "ready";

    private final Process process;
    private final PrintWriter tells;
    private final BufferedReader said;
    private Duration hiccup = Duration.ZERO;

    private Sharer(Process process) {
        this.process = process;
        this.tells = new PrintWriter(process.getOutputStream(), false, StandardCharsets.UTF_8);
        this.said = process.inputReader(StandardCharsets.UTF_8);
    }

    /// Beyond the warm-up it sends nothing before it is told to [#go].
    static Sharer of(Scenario scenario, List<Participant> participants) throws IOException {
        var builder =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                OneProcess.classPath(),
                                Sharer.class.getName())
                        .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(scenario.environment());
        var sharer = new Sharer(builder.start());
        participants.forEach(participant ->
                sharer.tells.println(
                        participant.conversationId() + " " + participant.participantId()));
        sharer.tells.println();
        sharer.tells.flush();
        return sharer;
    }

    void awaitReady() throws IOException {
        String first = said.readLine();
        if (!READY.equals(first)) {
            throw new AssertionError("not ready: " + first);
        }
    }

    void go() {
        tells.println();
        tells.flush();
    }

    /// When its requests left, once all have been answered and every change is applied.
    List<Instant> departures() throws IOException, InterruptedException {
        hiccup = Duration.parse(said.readLine());
        List<Instant> departures = said.lines().map(Instant::parse).toList();
        if (process.waitFor() != 0) {
            throw new AssertionError("ended with " + process.exitValue());
        }
        return departures;
    }

    /// How long its threads were kept from running at most, known after [#departures].
    Duration hiccup() {
        return hiccup;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    static void main(String[] args) throws Exception {
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        List<ParticipantChanges> rows = rows(in);
        try (var database = Database.open(DatabaseSettings.of(System::getenv), 4);
                AttributePatcher patcher = patcher(database);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            patcher.check();
            send(rows.subList(0, WARM_UP), patcher, threads);
            System.out.println(READY);
            in.readLine();
            List<Turn> turns;
            try (var hiccups = Hiccups.begin()) {
                turns = send(rows.subList(WARM_UP, rows.size()), patcher, threads);
                System.out.println(hiccups.longest());
            }
            turns.forEach(turn ->
                    turn.attempts().forEach(attempt -> System.out.println(attempt.startedAt())));
        }
    }

    private static List<Turn> send(
            List<ParticipantChanges> rows, AttributePatcher patcher, ExecutorService threads)
            throws InterruptedException, ExecutionException {
        List<Future<Turn>> calls =
                rows.stream().map(row -> threads.submit(() -> patch(patcher, row))).toList();
        var turns = new ArrayList<Turn>();
        for (Future<Turn> call : calls) {
            demandApplied(call.get());
            turns.add(call.get());
        }
        return turns;
    }

    private static List<ParticipantChanges> rows(BufferedReader in) throws IOException {
        var rows = new ArrayList<ParticipantChanges>();
        for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
            String[] ids = line.split(" ");
            rows.add(
                    new ParticipantChanges(
                            List.of(
                                    new AttributeChange(
                                            rows.size(),
                                            new Participant(
                                                    UUID.fromString(ids[0]),
                                                    UUID.fromString(ids[1])),
                                            new ParticipantRole("contact"),
                                            "priority",
                                            "high",
                                            new Provenance(null, "kim", null),
                                            null,
                                            null,
                                            false,
                                            0))));
        }
        return rows;
    }

    private static Turn patch(AttributePatcher patcher, ParticipantChanges row) {
        return patcher.patch(row, patcher.newPage(List.of(row), (_, _) -> () -> {}, Map.of()));
    }

    private static void demandApplied(Turn turn) {
        if (!turn.settlements().stream()
                .allMatch(end -> BatchCounter.of(end.disposition()) == BatchCounter.WRITE)) {
            throw new AssertionError("not applied: " + turn.attempts());
        }
    }

    private static AttributePatcher patcher(Database database) {
        ApiSettings api = ApiSettings.of(System::getenv);
        JobFile job = Scenario.request("rate: {per-minute: 6000}").job();
        var stop = new StopSignal();
        return new Patchers(database.dataSource(), api, new Random(7))
                .open(job, () -> !stop.isRaised(), stop);
    }
}
