package reconciler.simulator;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/// Where HTTP comes in and goes out. Everything that arrives here is in the ledger.
final class Door implements Handler {

    private static final long LATENCY = -1;

    private final SimulatorSettings settings;
    private final Ledger ledger;
    private final Dice dice;
    private final Pause pause;
    private final Api api;

    Door(SimulatorSettings settings, Ledger ledger, Dice dice, Pause pause, Api api) {
        this.settings = settings;
        this.ledger = ledger;
        this.dice = dice;
        this.pause = pause;
        this.api = api;
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) throws IOException {
        Call call = read(request);
        try {
            pause.of(latencyOf(call.visit()));
            Answer answer = api.answer(call);
            ledger.over(call.visit(), answer.statusSeen(), answer.applied());
            new Exit(response, pause).send(call.visit(), answer);
            closeIfAsked(request);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new CloseConnectionException("the simulator is being stopped", stopping);
        }
    }

    /// Helidon says `Connection: close` to such a client, and then leaves the connection open.
    private static void closeIfAsked(ServerRequest request) {
        if (request.headers().contains(HeaderValues.CONNECTION_CLOSE)) {
            throw new CloseConnectionException("closed as the client asked");
        }
    }

    private Call read(ServerRequest request) throws IOException {
        int most = settings.limits().bodyBytes();
        long announced = request.headers().contentLength().orElse(most + 1L);
        byte[] bytes =
                request.content().hasEntity()
                        ? request.content()
                                .inputStream()
                                .readNBytes((int) Math.min(announced, most + 1L))
                        : new byte[0];
        boolean oversized = bytes.length > most;
        String body = oversized ? "" : new String(bytes, StandardCharsets.UTF_8);
        return new Call(
                ledger.arrived(
                        request.prologue().method().text(), Target.of(request.path().rawPath())),
                request.headers().first(HeaderNames.AUTHORIZATION).orElse(""),
                mediaType(request.headers().first(HeaderNames.CONTENT_TYPE).orElse("")),
                body,
                oversized,
                Json.read(body));
    }

    private static String mediaType(String contentType) {
        return contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }

    private Duration latencyOf(Visit visit) {
        return settings.pace().of(dice.roll(LATENCY, visit.target().subject(), visit.occasion()));
    }
}
