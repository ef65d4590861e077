package reconciler.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/// Hears what is said with NOTIFY on one channel. What is said while there is no connection is
/// lost, so whoever listens also has to look now and then. Behind a pooler it hears nothing: there
/// a session that listens is handed to others. Used by one thread, and closed by any.
public final class Doorbell implements AutoCloseable {
    private final Sessions sessions;
    private final String channel;
    private final Duration patience;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable Connection connection;
    private boolean deaf;

    /// @param channel a lower-case name
    /// @param patience with the server, for a connection and for an answer
    Doorbell(DatabaseSettings settings, String channel, Duration patience) {
        this.sessions =
                new Sessions(settings.listeningConnector(patience), settings.pooler(), patience);
        this.channel = channel;
        this.patience = patience;
    }

    /// Waits until something is said, no longer than `most`. Without a connection, or when the one
    /// there was has gone without a word, a new one is made first.
    ///
    /// @return whether to look: something was said, or may have been before there was a connection
    /// @throws SQLException when the server does not answer; to be asked again after a while
    public boolean rang(Duration most) throws SQLException {
        Connection listening = connection;
        if (deaf) {
            waitFor(most);
            return false;
        }
        if (listening == null) {
            connect();
            return true;
        }
        try {
            var said =
                    listening
                            .unwrap(PGConnection.class)
                            .getNotifications(Math.toIntExact(most.toMillis()));
            if (said != null && said.length > 0) {
                return true;
            }
            if (!listening.isValid(Math.toIntExact(patience.toSeconds()))) {
                throw new SQLException("the connection that listens is gone");
            }
            return false;
        } catch (SQLException gone) {
            connection = null;
            abort(listening);
            throw gone;
        }
    }

    private void connect() throws SQLException {
        Connection fresh = sessions.getConnection();
        if (sessions.facts().pooled()) {
            deaf = true;
            abort(fresh);
            return;
        }
        try (Statement listen = fresh.createStatement()) {
            listen.execute("LISTEN " + channel);
        } catch (SQLException failure) {
            abort(fresh);
            throw failure;
        }
        connection = fresh;
        if (closed.getCount() == 0) {
            close();
        }
    }

    private void waitFor(Duration most) {
        try {
            var _ = closed.await(most.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        Connection listening = connection;
        if (listening != null) {
            abort(listening);
        }
    }

    /// Also under a thread that waits on it.
    private static void abort(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException _) {
            // gone already, which is what was wanted
        }
    }
}
