package reconciler.audit;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// A table read once, in the order of the seals, beside other tables read the same way: only the
/// rows of one seal are in memory.
final class SealedRows<T> implements AutoCloseable {
    private static final int FETCH = 2_000;
    private static final int TIMES_UNTIL_PREPARED = 5;

    private final Stream<T> stream;
    private final Iterator<T> rows;
    private final ToLongFunction<T> seal;
    private @Nullable T next;

    SealedRows(Stream<T> stream, ToLongFunction<T> seal) {
        this.stream = stream;
        this.rows = stream.iterator();
        this.seal = seal;
        advance();
    }

    /// In the caller's transaction: the driver streams inside one only.
    static SealedRows<SealedRow> of(SealedTable table, JdbcClient jdbc, long from, long until) {
        return read(
                jdbc,
                table.query(),
                from,
                until,
                row -> SealedRow.of(table, row),
                SealedRow::sealId);
    }

    /// The same for a table of millions of rows: their bytes travel as they are, and not in hex.
    static SealedRows<SealedRow> ofMany(SealedTable table, JdbcClient jdbc, long from, long until) {
        sendBytesAsTheyAre(jdbc, table.query());
        return of(table, jdbc, from, until);
    }

    /// @param query with the parameters `from` and `until`
    static <T> SealedRows<T> read(
            JdbcClient jdbc,
            String query,
            long from,
            long until,
            Reading<T> reading,
            ToLongFunction<T> seal) {
        return new SealedRows<>(
                jdbc
                        .sql(query)
                        .withFetchSize(FETCH)
                        .param("from", from)
                        .param("until", until)
                        .query((row, _) -> reading.of(row))
                        .stream(),
                seal);
    }

    /// Makes something of a row.
    interface Reading<T> {
        T of(ResultSet row) throws SQLException;
    }

    /// The driver prepares a statement on the server, and only then takes binary results, when it
    /// is run for the fifth time on a connection. Asking for no rows costs next to nothing.
    static void sendBytesAsTheyAre(JdbcClient jdbc, String query) {
        for (int i = 0; i < TIMES_UNTIL_PREPARED; i++) {
            jdbc.sql(query).param("from", 1L).param("until", 0L).query().listOfRows();
        }
    }

    /// The next row of all; null at the end.
    @Nullable T take() {
        T taken = next;
        advance();
        return taken;
    }

    /// The rows under a seal. Rows of seals before it that nobody asked for go to `strays`.
    List<T> under(long sealId, Consumer<T> strays) {
        List<T> found = new ArrayList<>();
        while (next != null && seal.applyAsLong(next) <= sealId) {
            if (seal.applyAsLong(next) == sealId) {
                found.add(next);
            } else {
                strays.accept(next);
            }
            advance();
        }
        return found;
    }

    /// What is left belongs to no seal.
    void drain(Consumer<T> strays) {
        while (next != null) {
            strays.accept(next);
            advance();
        }
    }

    private void advance() {
        next = rows.hasNext() ? rows.next() : null;
    }

    @Override
    public void close() {
        stream.close();
    }
}
