package reconciler.simulator;

import io.helidon.webserver.WebServer;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.logging.Level;
import java.util.logging.Logger;

/// A conversations API to practise on: strict about what it takes, honest about what it did, and
/// faulty on demand. It serves the `web` and the published contract, reads and tokens at once.
///
/// Administration, without credentials and therefore for trusted networks only:
///
/// | request | does |
/// |---|---|
/// | `GET /_simulator/requests` | every request that is over, one JSON object per line |
/// | `GET /_simulator/ledger` | every write that took effect, one JSON object per line |
/// | `GET /_simulator/stats` | the [Totals] |
/// | `GET`, `POST`, `DELETE /_simulator/faults` | lists, adds (one [FaultRule] per line), clears |
/// | `GET /_simulator/participants` | one JSON object per line |
/// | `POST /_simulator/participants` | adds, in the same form, `attributes` optional |
/// | `POST /_simulator/ended` | ends conversations, one id per line |
///
/// What is not HTTP at all is refused by the server itself, without a correlation id.
public final class Simulator implements AutoCloseable {

    /// Held on to, or the level would be forgotten with the logger.
    private static final Logger SERVER_LOG = Logger.getLogger("io.helidon");

    static {
        SERVER_LOG.setLevel(Level.WARNING);
    }

    private final WebServer server;
    private final String host;
    private final Conversations conversations;
    private final Ledger ledger;
    private final Faults faults;
    private final Tokens tokens;

    private Simulator(SimulatorSettings settings, InstantSource time, Pause pause) {
        Dice dice = new Dice(settings.seed());
        this.host = settings.address().equals("0.0.0.0") ? "127.0.0.1" : settings.address();
        this.conversations = new Conversations(time);
        this.ledger = new Ledger(settings.ledger(), time);
        this.faults = new Faults(dice);
        this.tokens = new Tokens(settings.access(), time);
        settings.faults().forEach(faults::add);
        new Residents(settings.seed())
                .moveInto(conversations, settings.population().participants());
        Door door = new Door(settings, ledger, dice, pause, api(settings, time));
        Administration administration = new Administration(conversations, ledger, faults);
        this.server =
                WebServer.builder()
                        .host(settings.address())
                        .port(settings.port())
                        .shutdownHook(false)
                        .shutdownGracePeriod(Duration.ofMillis(100))
                        .routing(routing ->
                                routing.register("/_simulator", administration).any(door))
                        .build();
    }

    public static Simulator start(SimulatorSettings settings) {
        return start(settings, InstantSource.system(), Thread::sleep);
    }

    /// With a time and a waiting of the caller's choice.
    public static Simulator start(SimulatorSettings settings, InstantSource time, Pause pause) {
        Simulator simulator = new Simulator(settings, time, pause);
        simulator.listen(settings);
        return simulator;
    }

    /// A server that could not bind only logs it, at length.
    private void listen(SimulatorSettings settings) {
        SERVER_LOG.setLevel(Level.OFF);
        server.start();
        SERVER_LOG.setLevel(Level.WARNING);
        if (!server.isRunning()) {
            throw new UncheckedIOException(
                    settings.address() + ":" + settings.port() + " is taken", new BindException());
        }
    }

    public URI uri() {
        return URI.create("http://" + host + ":" + server.port());
    }

    public Conversations conversations() {
        return conversations;
    }

    public Ledger ledger() {
        return ledger;
    }

    public Faults faults() {
        return faults;
    }

    /// Makes every minted token an expired one; fixed tokens stay good.
    public void expireTokens() {
        tokens.expire();
    }

    @Override
    public void close() {
        server.stop();
    }

    private Api api(SimulatorSettings settings, InstantSource time) {
        return new Api(
                tokens,
                new TokenEndpoint(settings.access(), tokens, time),
                settings.behaviour().rateHeaders(),
                new RateWindows(settings.rateLimit(), time),
                faults,
                new Reads(conversations, time),
                new Writes(settings, conversations, ledger, time));
    }
}
