package reconciler.intake.workbook;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/// A zip file. Its directory is held in memory, and is therefore limited; its entries are streams.
public final class Archive implements AutoCloseable {
    private static final int DIRECTORY_LIMIT = 8_000_000;
    private static final int END_LENGTH = 22;
    private static final int LONGEST_COMMENT = 65_535;
    private static final int END_SIGNATURE = 0x06054b50;
    private static final int DIRECTORY_SIZE_OFFSET = 12;

    private final ZipFile zip;

    private Archive(ZipFile zip) {
        this.zip = zip;
    }

    /// @throws UnusableWorkbook when it is cut off, encrypted, or too large to be looked at
    public static Archive open(Path file) throws IOException {
        checkDirectory(file);
        try {
            return new Archive(new ZipFile(file.toFile()));
        } catch (ZipException broken) {
            throw String.valueOf(broken.getMessage()).contains("encrypted")
                    ? new UnusableWorkbook("the zip file is encrypted: unpack it first", broken)
                    : new UnusableWorkbook(
                            "the zip file is cut off or damaged; save it anew", broken);
        }
    }

    /// The names of the files in it; what macOS adds is left out.
    public List<String> files() {
        return zip.stream()
                .filter(entry -> !entry.isDirectory())
                .map(ZipEntry::getName)
                .filter(name -> !name.startsWith("__MACOSX/") && !name.endsWith(".DS_Store"))
                .toList();
    }

    public boolean has(String name) {
        return zip.getEntry(name) != null;
    }

    /// Its bytes; at their end their checksum is compared.
    ///
    /// @return null when there is no such file
    public @Nullable InputStream open(String name) throws IOException {
        ZipEntry entry = zip.getEntry(name);
        InputStream bytes = entry == null ? null : zip.getInputStream(entry);
        return bytes == null || entry == null ? null : new VerifiedStream(bytes, entry.getCrc());
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }

    private static void checkDirectory(Path file) throws IOException {
        long size = Files.size(file);
        byte[] end = new byte[(int) Math.min(size, END_LENGTH + LONGEST_COMMENT)];
        try (var bytes = new RandomAccessFile(file.toFile(), "r")) {
            bytes.seek(size - end.length);
            bytes.readFully(end);
        }
        ByteBuffer buffer = ByteBuffer.wrap(end).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = end.length - END_LENGTH; at >= 0; at--) {
            if (buffer.getInt(at) == END_SIGNATURE) {
                long directory = Integer.toUnsignedLong(buffer.getInt(at + DIRECTORY_SIZE_OFFSET));
                if (directory > DIRECTORY_LIMIT) {
                    throw new UnusableWorkbook(
                            "the directory of the zip file is larger than "
                                    + DIRECTORY_LIMIT / 1_000_000
                                    + " MB: no workbook or single file has such a one");
                }
                return;
            }
        }
        throw new UnusableWorkbook("the zip file is cut off: it has no end; save it anew");
    }
}
