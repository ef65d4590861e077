package reconciler.cli;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reconciler.run.ExitCode;
import reconciler.simulator.Ledger;
import reconciler.simulator.Population;
import reconciler.simulator.RateLimit;
import reconciler.simulator.Simulator;
import reconciler.simulator.SimulatorSettings;

/// `reconciler simulator`
@Command(
        name = "simulator",
        mixinStandardHelpOptions = true,
        description =
                "The stand-in API alone, until it is stopped. Client id \"demo\", secret \"demo-secret\" by default.",
        footer = {
            "",
            "Faults: KIND[-after] [p=0.05] [times=1] [each=1] [method=PATCH,GET] [participant=ID] [retry-after=TEXT] ...",
            "  kinds: 409 429 408 500 502 503 504 302 307 drop hang slow-body close-idle html answer truncated gzip altered",
            "  empty huge 401 403 403-division 400-attribute 400; at run time: POST the same lines to /_simulator/faults. The ledger: GET /_simulator/ledger",
            "",
            "Examples:",
            "  reconciler simulator --port 8080 --adopt --latency 20ms --rate-limit 300 --fault \"drop-after p=0.01\""
        })
final class SimulatorCommand implements Callable<Integer> {
    private final Session session;

    @Option(
            names = "--address",
            defaultValue = "127.0.0.1",
            description = "Default: ${DEFAULT-VALUE}")
    private String address = "127.0.0.1";

    @Option(
            names = "--port",
            defaultValue = "8080",
            description = "0 means any free one. Default: ${DEFAULT-VALUE}")
    private int port = 8080;

    @Option(names = "--population", paramLabel = "N", description = "So many made-up participants.")
    private int population;

    @Option(
            names = "--adopt",
            description = "Unknown participants come into being with their first request.")
    private boolean adopt;

    @Option(
            names = "--latency",
            paramLabel = "TIME",
            defaultValue = "0ms",
            description = "Of each answer, e.g. 20ms.")
    private String latency = "0ms";

    @Option(
            names = "--tail",
            paramLabel = "SHARE",
            description = "Share of answers that are 50 times slower, e.g. 0.01.")
    private double tail;

    @Option(
            names = "--rate-limit",
            paramLabel = "N",
            description = "Requests per window and token; 0 means no limit.")
    private int rateLimit;

    @Option(
            names = "--rate-window",
            paramLabel = "TIME",
            defaultValue = "60s",
            description = "Default: ${DEFAULT-VALUE}")
    private String rateWindow = "60s";

    @Option(
            names = "--token-lifetime",
            paramLabel = "TIME",
            defaultValue = "24h",
            description = "Default: ${DEFAULT-VALUE}")
    private String tokenLifetime = "24h";

    @Option(names = "--client-id", defaultValue = "demo", description = "Default: ${DEFAULT-VALUE}")
    private String clientId = "demo";

    @Option(
            names = "--client-secret",
            defaultValue = "demo-secret",
            description = "Default: ${DEFAULT-VALUE}")
    private String clientSecret = "demo-secret";

    @Option(names = "--token", description = "A fixed access token to accept; may be repeated.")
    private Set<String> tokens = Set.of();

    @Option(
            names = "--fault",
            paramLabel = "RULE",
            description = "Something that goes wrong; may be repeated.")
    private List<String> faults = List.of();

    @Option(
            names = "--counts-only",
            description = "Keep no rows of the ledger, only counts: for runs of many millions.")
    private boolean countsOnly;

    @Option(
            names = "--seed",
            defaultValue = "1",
            description = "Of all chance. Default: ${DEFAULT-VALUE}")
    private long seed = 1;

    SimulatorCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (Simulator simulator = start()) {
            session.terminal()
                    .say(
                            "The simulator answers at "
                                    + simulator.uri()
                                    + " ("
                                    + simulator.uri()
                                    + "/_simulator/stats); stop it with Ctrl-C.");
            new CountDownLatch(1).await();
            return ExitCode.OK.code();
        }
    }

    private Simulator start() {
        try {
            return Simulator.start(settings());
        } catch (IllegalArgumentException wrong) {
            throw new CommandFailed(ExitCode.USAGE, String.valueOf(wrong.getMessage()));
        } catch (UncheckedIOException taken) {
            throw new CommandFailed(
                    ExitCode.CONFIGURATION,
                    "the simulator cannot listen: "
                            + taken.getMessage()
                            + "; choose another --port, or 0 for any free one");
        }
    }

    private SimulatorSettings settings() {
        return SimulatorSettings.with()
                .address(address)
                .port(port)
                .participants(population)
                .strangers(adopt ? Population.Strangers.ADOPTED : Population.Strangers.REFUSED)
                .latency(TimeOption.parseOrNone("--latency", latency))
                .tailShare(tail)
                .rateLimit(new RateLimit(rateLimit, TimeOption.parse("--rate-window", rateWindow)))
                .tokenLifetime(TimeOption.parse("--token-lifetime", tokenLifetime))
                .clientId(clientId)
                .clientSecret(clientSecret)
                .tokens(tokens)
                .faults(faults)
                .ledger(countsOnly ? Ledger.Detail.COUNTS : Ledger.Detail.EVERYTHING)
                .seed(seed)
                .build();
    }
}
