package reconciler.audit;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// A zip file under way, with the sums of what is in it.
final class PackedFiles implements AutoCloseable {
    private final ZipOutputStream zip;
    private final StringBuilder sums = new StringBuilder();

    PackedFiles(OutputStream out) {
        zip = new ZipOutputStream(new BufferedOutputStream(out), StandardCharsets.UTF_8);
    }

    /// Writes the content of one file.
    interface Content {
        void to(OutputStream out) throws IOException;
    }

    void add(String name, Content content) {
        MessageDigest sha256 = CanonicalHash.sha256();
        try {
            zip.putNextEntry(new ZipEntry(name));
            var out = new DigestOutputStream(zip, sha256);
            content.to(out);
            out.flush();
            zip.closeEntry();
        } catch (IOException failure) {
            throw new UncheckedIOException("the pack cannot be written", failure);
        }
        sums.append(HexFormat.of().formatHex(sha256.digest()))
                .append("  ")
                .append(name)
                .append('\n');
    }

    void add(String name, String text) {
        add(name, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    /// A file that is the same in every pack.
    void addOurs(String name) {
        try (InputStream file =
                Objects.requireNonNull(
                        PackedFiles.class.getResourceAsStream("/evidence/" + name), name)) {
            add(name, file::transferTo);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// Adds the sums as the last file.
    ///
    /// @return their own sha-256 in hex, which stands for the whole pack
    String finish() {
        String all = sums.toString();
        add("SHA256SUMS", all);
        return HexFormat.of()
                .formatHex(CanonicalHash.sha256().digest(all.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public void close() {
        try {
            zip.close();
        } catch (IOException failure) {
            throw new UncheckedIOException("the pack cannot be written", failure);
        }
    }
}
