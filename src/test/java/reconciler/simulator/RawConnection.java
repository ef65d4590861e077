package reconciler.simulator;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/// A socket without an HTTP client around it, to see what really goes over the wire.
final class RawConnection {

    private RawConnection() {}

    /// Everything the server sends until it closes the connection; fails when it does not.
    static String patch(Simulator simulator, String path, String body, String... headers)
            throws IOException {
        URI uri = simulator.uri();
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            socket.setSoTimeout(5_000);
            String head =
                    """
                    PATCH %s HTTP/1.1
                    Host: localhost
                    Authorization: Bearer good
                    Content-Type: application/json
                    Content-Length: %d
                    """
                            .formatted(path, body.length());
            String more = headers.length == 0 ? "" : String.join("\n", headers) + "\n";
            String request = (head + more + "\n").replace("\n", "\r\n") + body;
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
