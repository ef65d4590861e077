package reconciler.audit;

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
        return new SealedRows<>(
                jdbc
                        .sql(table.query())
                        .withFetchSize(FETCH)
                        .param("from", from)
                        .param("until", until)
                        .query((row, _) -> SealedRow.of(table, row))
                        .stream(),
                SealedRow::sealId);
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
