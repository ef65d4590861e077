package reconciler.intake;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyIn;
import org.springframework.jdbc.UncategorizedSQLException;

/// A COPY under way, in its text format. Ends with `finish`, or is cancelled.
final class StagingCopy implements AutoCloseable {
    private static final int BUFFER = 64 * 1024;

    private final CopyIn copy;
    private final long file;
    private final StringBuilder rows = new StringBuilder(BUFFER + 16 * 1024);

    StagingCopy(CopyIn copy, long file) {
        this.copy = copy;
        this.file = file;
    }

    /// The order of the columns is that of the COPY statement in [Staging].
    void add(GoodLine line) {
        rows.append(file).append('\t').append(line.line()).append('\t');
        rows.append(line.participant().conversationId()).append('\t');
        rows.append(line.participant().participantId()).append('\t');
        appendEscaped(line.role());
        appendEscaped(line.name());
        appendEscaped(line.value());
        appendEscaped(line.requestedBy());
        appendInstant(line.notBefore(), '\t');
        appendInstant(line.applyBy(), '\n');
        if (rows.length() >= BUFFER) {
            send();
        }
    }

    /// @return the number of rows that arrived
    long finish() {
        send();
        try {
            return copy.endCopy();
        } catch (SQLException failure) {
            throw failed(failure);
        }
    }

    @Override
    public void close() {
        if (copy.isActive()) {
            try {
                copy.cancelCopy();
            } catch (SQLException failure) {
                throw failed(failure);
            }
        }
    }

    private void appendEscaped(String text) {
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            switch (character) {
                case '\\' -> rows.append("\\\\");
                case '\t' -> rows.append("\\t");
                case '\n' -> rows.append("\\n");
                case '\r' -> rows.append("\\r");
                default -> rows.append(character);
            }
        }
        rows.append('\t');
    }

    private void appendInstant(@Nullable Instant instant, char end) {
        rows.append(instant == null ? "\\N" : instant.toString()).append(end);
    }

    private void send() {
        byte[] bytes = rows.toString().getBytes(StandardCharsets.UTF_8);
        rows.setLength(0);
        try {
            copy.writeToCopy(bytes, 0, bytes.length);
        } catch (SQLException failure) {
            throw failed(failure);
        }
    }

    private static UncategorizedSQLException failed(SQLException failure) {
        return new UncategorizedSQLException("staging a file", null, failure);
    }
}
