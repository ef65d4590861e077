package reconciler.intake;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The objects of a JSON file as texts, one after the other.
sealed interface JsonElements extends AutoCloseable permits JsonLines, JsonArray {
    /// @return null at the end
    /// @throws FileRefused when reading on would be guessing
    @Nullable String next() throws IOException;

    /// On which line the latest one begins.
    int line();

    /// How they are written, in words.
    String form();

    /// How often a Ctrl-Z ended the file: 0 or 1.
    int endMarks();

    @Override
    void close() throws IOException;
}
