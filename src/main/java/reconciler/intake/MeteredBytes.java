package reconciler.intake;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Bytes on their way to the decoder: counted against a limit, and hashed.
final class MeteredBytes implements AutoCloseable {
    private final InputStream bytes;
    private final long limit;
    private final MessageDigest digest;
    private long count;

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
        int read = bytes.read(target, offset, length);
        if (read > 0) {
            digest.update(target, offset, read);
            count += read;
            if (count > limit) {
                throw new FileRefused(
                        "the file is larger than " + limit / 1_000_000 + " MB: divide it");
            }
        }
        return read;
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
