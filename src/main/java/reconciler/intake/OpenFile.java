package reconciler.intake;

import java.io.IOException;

/// A source while it is read.
sealed interface OpenFile extends AutoCloseable permits OpenText, OpenWorkbook {
    /// What stands in it; once only.
    Records records() throws IOException;

    /// The identity of its content, in hex. Reads what was not read yet; once only.
    String sha256() throws IOException;

    @Override
    void close() throws IOException;

    /// By its first bytes, never by its name.
    static OpenFile of(Source source) throws IOException {
        return Unpacked.of(source);
    }
}
