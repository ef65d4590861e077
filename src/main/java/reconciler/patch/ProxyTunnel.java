package reconciler.patch;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;

/// Has a proxy connect a socket to a host, where no request of ours follows that OkHttp would do it
/// for.
final class ProxyTunnel {
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([0-9]{3})(?: .*)?");
    private static final int MOST_BYTES = 16 << 10;
    private static final int OK = 200;

    private ProxyTunnel() {}

    /// @param socket connected to the proxy
    /// @throws ProxyTrouble when the proxy does not connect it
    static void open(Socket socket, Proxies.HttpProxy proxy, HttpUrl target) throws IOException {
        String host = target.host().contains(":") ? "[" + target.host() + "]" : target.host();
        String place = host + ":" + target.port();
        String login =
                proxy.login() == null ? "" : "Proxy-Authorization: " + proxy.login() + "\r\n";
        String request =
                "CONNECT " + place + " HTTP/1.1\r\nHost: " + place + "\r\n" + login + "\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
        int status = status(head(socket.getInputStream()));
        if (status != OK) {
            throw ProxyTrouble.answered(status, proxy, target);
        }
    }

    /// Byte by byte: what follows the head is the host's.
    private static String head(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.length() < MOST_BYTES) {
            int letter = in.read();
            if (letter < 0) {
                throw new EOFException("the proxy closed the connection without an answer");
            }
            head.append((char) letter);
            if (letter == '\n' && (head.indexOf("\r\n\r\n") >= 0 || head.indexOf("\n\n") >= 0)) {
                return head.toString();
            }
        }
        throw new IOException("the proxy's answer does not end");
    }

    private static int status(String head) throws IOException {
        Matcher status = STATUS.matcher(head.lines().findFirst().orElse(""));
        if (!status.matches()) {
            throw new IOException("what answers at the proxy's place speaks no HTTP");
        }
        return Integer.parseInt(status.group(1));
    }
}
