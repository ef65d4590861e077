package reconciler.bench.peer;

import java.util.List;
import java.util.Map;

/// What a peer's process is told on its command line.
public record PeerSettings(
        String databaseUrl, String apiUrl, String token, int inFlight, int requests) {
    public List<String> arguments() {
        return List.of(
                databaseUrl, apiUrl, token, Integer.toString(inFlight), Integer.toString(requests));
    }

    static PeerSettings of(List<String> arguments) {
        return new PeerSettings(
                arguments.get(0),
                arguments.get(1),
                arguments.get(2),
                Integer.parseInt(arguments.get(3)),
                Integer.parseInt(arguments.get(4)));
    }

    /// A process of its own does not inherit a logger's configuration that is made for the product.
    public static Map<String, String> environment() {
        return Map.of("RECONCILER_LOG_LEVEL", "ERROR");
    }
}
