package reconciler.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rows on their way out. Any number of them: nothing is kept but what a table needs to know its
/// widths.
interface Sheet extends AutoCloseable {
    /// One row; the cells in the order of the columns. Numbers and booleans stay what they are
    /// where the format knows them.
    void row(List<? extends @Nullable Object> cells);

    @Override
    void close();
}
