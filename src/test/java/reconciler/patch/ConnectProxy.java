package reconciler.patch;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A proxy on this machine that connects to whatever it is asked for, on loopback only, or answers
/// as it is told.
final class ConnectProxy implements AutoCloseable {
    private final ServerSocket server;
    private final List<String> heads = new ArrayList<>();
    private final List<Socket> open = new ArrayList<>();
    private volatile String answer = "HTTP/1.1 200 Connection established\r\n\r\n";
    private volatile String login = "";

    ConnectProxy() {
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException noPort) {
            throw new UncheckedIOException(noPort);
        }
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /// From now on it answers this status and connects nobody.
    ConnectProxy answers(int status, String... headers) {
        answer = "HTTP/1.1 " + status + " As told\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
        return this;
    }

    /// From now on it wants this `Proxy-Authorization`.
    ConnectProxy wants(String authorization) {
        login = authorization;
        return this;
    }

    /// What it was asked, heads of requests.
    synchronized List<String> heads() {
        return List.copyOf(heads);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                remember(client);
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            String head = head(client.getInputStream());
            synchronized (this) {
                heads.add(head);
            }
            String given = login.isEmpty() || head.contains(login) ? answer : refusal();
            client.getOutputStream().write(given.getBytes(StandardCharsets.US_ASCII));
            client.getOutputStream().flush();
            if (given.startsWith("HTTP/1.1 200")) {
                String place = head.split(" ", 3)[1];
                int port = Integer.parseInt(place.substring(place.lastIndexOf(':') + 1));
                relay(client, port);
            }
        } catch (IOException gone) {
            quietly(client);
        }
    }

    private static String refusal() {
        return "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\n"
                + "Content-Length: 0\r\n\r\n";
    }

    private void relay(Socket client, int port) throws IOException {
        try (var host = new Socket(InetAddress.getLoopbackAddress(), port)) {
            remember(host);
            Thread.ofVirtual().start(() -> copy(client, host));
            copy(host, client);
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException gone) {
            quietly(to);
        }
    }

    private static void quietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    private static String head(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int letter = in.read();
            if (letter < 0) {
                throw new IOException("closed");
            }
            head.append((char) letter);
        }
        return head.toString();
    }

    private synchronized void remember(Socket socket) {
        open.add(socket);
    }

    @Override
    public synchronized void close() {
        try {
            server.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }
}
