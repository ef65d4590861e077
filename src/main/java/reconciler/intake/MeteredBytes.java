package reconciler.intake;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Bytes on their way to the decoder: counted against a limit, and hashed.
final class MeteredBytes implements AutoCloseable {
    private static final int BLOCK = 64 * 1024;

    private final InputStream bytes;
    private final long limit;
    private final MessageDigest digest;
    private long count;
    private boolean atEnd;

    MeteredBytes(InputStream bytes, long limit) {
        this.bytes = bytes;
        this.limit = limit;
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// @return the number of bytes read, -1 at the end
    int read(byte[] target, int offset, int length) throws IOException {
        if (atEnd) {
            return -1;
        }
        int read = bytes.read(target, offset, length);
        if (read > 0) {
            digest.update(target, offset, read);
            count += read;
            if (count > limit) {
                throw new FileRefused(
                        "the file is larger than " + limit / 1_000_000 + " MB: divide it");
            }
        }
        atEnd = read < 0;
        return read;
    }

    /// What is left.
    void readAll() throws IOException {
        byte[] block = new byte[BLOCK];
        while (!atEnd) {
            read(block, 0, BLOCK);
        }
    }

    /// What is left, into a file.
    void copyTo(Path file) throws IOException {
        byte[] block = new byte[BLOCK];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int read = read(block, 0, BLOCK); read >= 0; read = read(block, 0, BLOCK)) {
                out.write(block, 0, read);
            }
        }
    }

    /// To what is hashed.
    void append(byte[] more) {
        digest.update(more);
    }

    /// Of everything read, in hex. Once only.
    String sha256() {
        return HexFormat.of().formatHex(digest.digest());
    }

    @Override
    public void close() throws IOException {
        bytes.close();
    }
}
