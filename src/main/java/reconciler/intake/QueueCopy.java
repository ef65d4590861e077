package reconciler.intake;

import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;

/// Good lines on their way right into the queue, as changes of a set; in the caller's transaction,
/// whose connection nothing else may use until this ends. Ends with `finish`, or is cancelled.
///
/// One run of rows is sorted and sent while the next one is read. The set is made for the first of
/// them: a file that is refused before has touched nothing, not even taken a number.
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
                                              requested_by, not_before, apply_by, change_set_id, created_at, priority)
            FROM STDIN (FORMAT binary)
            """;

    private static final int COLUMNS = 11;

    /// Flags and the length of an extension follow, both 0.
    private static final byte[] HEADER =
            Arrays.copyOf(
                    new byte[] {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0},
                    19);

    private static final byte[] TRAILER = {-1, -1};

    private final JdbcTemplate template;
    private final Supplier<ChangeSets.NewSet> changeSet;
    private final short priority;
    private final ExecutorService sender =
            Executors.newSingleThreadExecutor(Thread.ofVirtual().factory());
    private SortedRows read = new SortedRows();
    private SortedRows sent = new SortedRows();
    private Future<?> sending = CompletableFuture.completedFuture(null);
    private @Nullable UnderWay underWay;

    private record UnderWay(CopyIn copy, ChangeSets.NewSet changeSet) {}

    /// @param changeSet makes the set, in the caller's transaction
    QueueCopy(DataSource dataSource, Supplier<ChangeSets.NewSet> changeSet, short priority) {
        this.template = new JdbcTemplate(dataSource);
        this.changeSet = changeSet;
        this.priority = priority;
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
                .add(line.notBefore())
                .add(line.applyBy());
    }

    ChangeSets.NewSet finish(long expected) {
        UnderWay last = send();
        await();
        try {
            last.copy().writeToCopy(TRAILER, 0, TRAILER.length);
            long queued = last.copy().endCopy();
            if (queued != expected) {
                throw new IllegalStateException(
                        queued + " lines were queued, " + expected + " were good");
            }
        } catch (SQLException failure) {
            throw failed(failure);
        }
        return last.changeSet();
    }

    @Override
    public void close() {
        sender.close();
        if (underWay != null && underWay.copy().isActive()) {
            try {
                underWay.copy().cancelCopy();
            } catch (SQLException failure) {
                throw failed(failure);
            }
        }
    }

    private UnderWay send() {
        await();
        UnderWay here = underWay == null ? begin() : underWay;
        underWay = here;
        SortedRows full = read;
        read = sent;
        sent = full;
        byte[] ending = ending(here.changeSet());
        sending =
                sender.submit(() -> {
                    full.drainTo(here.copy(), ending);
                    return null;
                });
        return here;
    }

    private UnderWay begin() {
        ChangeSets.NewSet made = changeSet.get();
        template.queryForMap(UNHURRIED);
        ConnectionCallback<CopyIn> begin =
                connection -> {
                    CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(COPY);
                    copy.writeToCopy(HEADER, 0, HEADER.length);
                    return copy;
                };
        return new UnderWay(Objects.requireNonNull(template.execute(begin)), made);
    }

    /// The last three fields of each row.
    private byte[] ending(ChangeSets.NewSet made) {
        return ByteBuffer.allocate(3 * Integer.BYTES + 2 * Long.BYTES + Short.BYTES)
                .putInt(Long.BYTES)
                .putLong(made.id())
                .putInt(Long.BYTES)
                .putLong(SortedRows.micros(made.createdAt()))
                .putInt(Short.BYTES)
                .putShort(priority)
                .array();
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
