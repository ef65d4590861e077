package reconciler.intake;

import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;

/// Good lines on their way right into the queue, as changes of a set; in the caller's transaction,
/// whose connection nothing else may use until this ends. Ends with `finish`, or is cancelled.
///
/// One run of rows is sorted and sent while the next one is read.
final class QueueCopy implements AutoCloseable {
    /// The statement lasts as long as the reading of the file. What is looked at once it ends stays
    /// in memory, most of it.
    private static final String UNHURRIED =
            """
            SELECT set_config('statement_timeout', '0', true) AS timeout, set_config('work_mem', '64MB', true) AS memory
            """;

    /// With `created_at`, whose default is volatile, rows are stored page by page; without, one by
    /// one.
    private static final String COPY =
            """
            COPY reconciler.attribute_change (conversation_id, participant_id, participant_role, attribute_name, attribute_value,
                                              requested_by, change_set_id, created_at, not_before, apply_by, priority)
            FROM STDIN (FORMAT binary)
            """;

    private static final int COLUMNS = 11;
    private static final byte[] SIGNATURE = {
        'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0
    };
    private static final short END = -1;

    private final CopyIn copy;
    private final ChangeSets.NewSet changeSet;
    private final short priority;
    private final ExecutorService sender =
            Executors.newSingleThreadExecutor(Thread.ofVirtual().factory());
    private SortedRows read = new SortedRows();
    private SortedRows sent = new SortedRows();
    private Future<?> sending = CompletableFuture.completedFuture(null);

    private QueueCopy(CopyIn copy, ChangeSets.NewSet changeSet, short priority) {
        this.copy = copy;
        this.changeSet = changeSet;
        this.priority = priority;
    }

    static QueueCopy into(DataSource dataSource, ChangeSets.NewSet changeSet, short priority) {
        var template = new JdbcTemplate(dataSource);
        template.queryForMap(UNHURRIED);
        ConnectionCallback<CopyIn> begin =
                connection -> {
                    CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(COPY);
                    int flagsAndExtension = 2 * Integer.BYTES;
                    var header = ByteBuffer.allocate(SIGNATURE.length + flagsAndExtension);
                    header.put(SIGNATURE);
                    copy.writeToCopy(header.array(), 0, header.capacity());
                    return copy;
                };
        return new QueueCopy(Objects.requireNonNull(template.execute(begin)), changeSet, priority);
    }

    /// The order of the columns is that of the statement.
    void add(GoodLine line) {
        if (read.isFull()) {
            send();
        }
        read.begin(line.participant().participantId(), COLUMNS)
                .add(line.participant().conversationId())
                .add(line.participant().participantId())
                .add(line.role())
                .add(line.name())
                .add(line.value())
                .add(line.requestedBy())
                .add(changeSet.id())
                .add(changeSet.createdAt())
                .add(line.notBefore())
                .add(line.applyBy())
                .add(priority);
    }

    void finish(long expected) {
        send();
        await();
        try {
            copy.writeToCopy(
                    ByteBuffer.allocate(Short.BYTES).putShort(END).array(), 0, Short.BYTES);
            long queued = copy.endCopy();
            if (queued != expected) {
                throw new IllegalStateException(
                        queued + " lines were queued, " + expected + " were good");
            }
        } catch (SQLException failure) {
            throw failed(failure);
        }
    }

    @Override
    public void close() {
        sender.close();
        if (copy.isActive()) {
            try {
                copy.cancelCopy();
            } catch (SQLException failure) {
                throw failed(failure);
            }
        }
    }

    private void send() {
        await();
        SortedRows full = read;
        read = sent;
        sent = full;
        sending =
                sender.submit(() -> {
                    full.drainTo(copy);
                    return null;
                });
    }

    private void await() {
        try {
            sending.get();
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof SQLException database
                    ? failed(database)
                    : new IllegalStateException("sending rows into the queue", failure.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(
                    "interrupted while rows were sent into the queue", interrupted);
        }
    }

    private static UncategorizedSQLException failed(SQLException failure) {
        return new UncategorizedSQLException("queueing a file", null, failure);
    }
}
