package reconciler.fault;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// A TCP proxy on loopback between a client and a server, HTTP or Postgres, that can be told to
/// misbehave. What it is told holds for bytes that arrive from then on, on old connections and new
/// ones.
public final class FaultProxy implements AutoCloseable {
    private final ServerSocket listener;
    private volatile InetSocketAddress server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong connections = new AtomicLong();

    /// Clients that went away before they were connected; the last one is the listener's own end.
    private final AtomicLong refused = new AtomicLong();

    private volatile Fault fault = new Fault.None();
    private volatile Trap trap = Trap.none();

    /// What happens to bytes on their way.
    public sealed interface Fault {
        record None() implements Fault {}

        /// Every portion is held up.
        record Latency(long millis) implements Fault {}

        /// Nothing arrives any more, and nobody is told.
        record BlackHole() implements Fault {}

        /// The connection is reset as soon as something is sent on it.
        record Reset() implements Fault {}

        /// The client's bytes arrive; of the server's answer so many bytes come back, then the
        /// connection is reset.
        record CutAnswerAfter(int bytes) implements Fault {}

        /// The client's bytes arrive; instead of an answer its side of the connection is closed.
        record HalfClose() implements Fault {}

        /// New connections are refused; old ones are reset.
        record Down() implements Fault {}
    }

    public FaultProxy(InetSocketAddress server) {
        this.server = server;
        try {
            listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
        Thread.ofVirtual().name("fault-proxy").start(this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    public long connections() {
        return connections.get();
    }

    public void behave(Fault next) {
        fault = next;
        if (next instanceof Fault.Down) {
            resetAll();
        }
    }

    /// New connections lead to another server; old ones are reset.
    public void leadTo(InetSocketAddress other) {
        server = other;
        resetAll();
    }

    /// Holds a connection that says this; connections from now on.
    public void set(Trap next) {
        trap = next;
    }

    /// Resets every connection once; new ones work.
    public void resetAll() {
        open.forEach(FaultProxy::reset);
    }

    @Override
    public void close() {
        resetAll();
        try {
            listener.close();
        } catch (IOException alreadyGone) {
            throw new IllegalStateException(alreadyGone);
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                connections.incrementAndGet();
                if (fault instanceof Fault.Down) {
                    reset(client);
                } else {
                    connect(client);
                }
            } catch (IOException gone) {
                refused.incrementAndGet();
            }
        }
    }

    private void connect(Socket client) throws IOException {
        var upstream = new Socket();
        upstream.connect(server);
        // Or a statement that takes two packets waits 40 ms for the acknowledgement of the first.
        upstream.setTcpNoDelay(true);
        client.setTcpNoDelay(true);
        open.add(client);
        open.add(upstream);
        Trap.Watch watch = trap.watch();
        Thread.ofVirtual().start(() -> pump(client, upstream, watch, false));
        Thread.ofVirtual().start(() -> pump(upstream, client, watch, true));
    }

    private void pump(Socket from, Socket to, Trap.Watch watch, boolean isAnswer) {
        byte[] buffer = new byte[16 * 1024];
        int passed = 0;
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (isAnswer ? watch.holdsAnswer() : watch.holdsRequest(buffer, read)) {
                    continue;
                }
                int pass = admitted(read, passed, isAnswer);
                out.write(buffer, 0, pass);
                passed += pass;
                if (pass < read && fault instanceof Fault.HalfClose) {
                    break;
                }
                if (pass < read && !(fault instanceof Fault.BlackHole)) {
                    reset(to);
                    reset(from);
                }
            }
            to.shutdownOutput();
        } catch (IOException gone) {
            reset(to);
            reset(from);
        }
        open.remove(from);
    }

    /// How many of `read` bytes go through now.
    private int admitted(int read, int passed, boolean isAnswer) {
        return switch (fault) {
            case Fault.None _ -> read;
            case Fault.Latency(long millis) -> {
                LockSupport.parkNanos(millis * 1_000_000);
                yield read;
            }
            case Fault.BlackHole _, Fault.Reset _, Fault.Down _ -> 0;
            case Fault.CutAnswerAfter(int bytes) ->
                    isAnswer ? Math.clamp(bytes - passed, 0, read) : read;
            case Fault.HalfClose _ -> isAnswer ? 0 : read;
        };
    }

    /// With a linger of 0 the peer gets an RST, not a FIN.
    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException alreadyGone) {
            assert socket.isClosed();
        }
    }
}
