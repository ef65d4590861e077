package reconciler.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The simulator in a process of its own, the same for all contenders of a workload.
final class SimulatedApi implements AutoCloseable {
    static final String TOKEN = "bench";

    private static final Pattern REQUESTS = Pattern.compile("\"requests\":(\\d+)");
    private static final Pattern REFUSED = Pattern.compile("\"429\":(\\d+)");
    private static final int ATTEMPTS = 300;

    /// Measured: 3.3 million of them fill 3 GB.
    private static final int BYTES_OF_A_PARTICIPANT = 950;

    private final Process process;
    private final String url;
    private final HttpClient http = HttpClient.newHttpClient();

    private SimulatedApi(Process process, String url) {
        this.process = process;
        this.url = url;
    }

    /// @param options of `reconciler simulator`
    static SimulatedApi start(Path home, Path output, List<String> options)
            throws IOException, InterruptedException {
        return start(home, output, options, 0);
    }

    /// @param participants so many that it has to remember them all
    static SimulatedApi start(Path home, Path output, List<String> options, int participants)
            throws IOException, InterruptedException {
        int port = freePort();
        var command =
                new ArrayList<>(
                        List.of(
                                home.resolve("reconciler").toString(),
                                "simulator",
                                "--adopt",
                                "--token",
                                TOKEN,
                                "--port",
                                Integer.toString(port)));
        command.addAll(options);
        var builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.resolve("simulator.txt").toFile());
        builder.environment().put("RECONCILER_JAVA_OPTS", memory(participants));
        var api = new SimulatedApi(builder.start(), "http://127.0.0.1:" + port);
        api.awaitReady();
        return api;
    }

    /// With all of it from the start, no collection has to look at what is there for good.
    private static String memory(int participants) {
        long megabytes = 3_072 + (long) participants * BYTES_OF_A_PARTICIPANT / 1_000_000;
        return "-Xmx%1$dm%2$s -XX:+UseParallelGC"
                .formatted(megabytes, participants > 0 ? " -Xmn512m -Xms" + megabytes + "m" : "");
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private void awaitReady() throws InterruptedException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (!process.isAlive()) {
                throw new IllegalStateException("the simulator ended: see simulator.txt");
            }
            try {
                counts();
                return;
            } catch (IOException notYet) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
        throw new IllegalStateException("the simulator does not answer at " + url);
    }

    String url() {
        return url;
    }

    /// What arrived so far.
    record Counts(long requests, long refused) {}

    Counts counts() throws IOException, InterruptedException {
        HttpResponse<String> answer =
                http.send(
                        HttpRequest.newBuilder(URI.create(url + "/_simulator/stats")).build(),
                        HttpResponse.BodyHandlers.ofString());
        return new Counts(number(REQUESTS, answer.body()), number(REFUSED, answer.body()));
    }

    private static long number(Pattern pattern, String text) {
        Matcher found = pattern.matcher(text);
        return found.find() ? Long.parseLong(found.group(1)) : 0;
    }

    @Override
    public void close() {
        http.close();
        process.destroy();
    }
}
