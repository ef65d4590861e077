package reconciler.intake.workbook;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The texts that the cells of a workbook refer to by number; a spreadsheet program writes nearly
/// all of them so. They lie in a file without a name, which only this process can open: a million
/// lines have three million of them. In memory are four bytes for each, and the latest ones.
final class SharedTexts implements AutoCloseable {
    private static final int MOST = 8_000_000;
    private static final int MOST_BYTES = 1_000_000_000;
    private static final int BLOCK = 1 << 16;

    /// A power of two.
    private static final int LATEST = 1 << 12;

    private final List<int[]> starts = new ArrayList<>();
    private final int[] latestNumbers = new int[LATEST];
    private final @Nullable String[] latestTexts = new @Nullable String[LATEST];
    private ByteBuffer pending = ByteBuffer.allocate(BLOCK);
    private @Nullable FileChannel channel;
    private @Nullable MappedByteBuffer texts;
    private int count;
    private int bytes;

    /// Of a workbook without any.
    SharedTexts() {}

    static SharedTexts of(XmlPart part) throws IOException {
        var shared = new SharedTexts();
        try {
            while (part.next()) {
                if (part.isStart("si")) {
                    shared.add(RichText.of(part));
                }
            }
            shared.finish();
            return shared;
        } catch (IOException | RuntimeException failure) {
            shared.close();
            throw failure;
        }
    }

    /// @return null when there is none of that number
    @Nullable String get(int number) {
        if (number < 0 || number >= count || texts == null) {
            return null;
        }
        int slot = number & (LATEST - 1);
        String text = latestTexts[slot];
        if (text == null || latestNumbers[slot] != number) {
            text = read(texts, number);
            latestNumbers[slot] = number;
            latestTexts[slot] = text;
        }
        return text;
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }

    private String read(MappedByteBuffer mapped, int number) {
        int start = start(number);
        byte[] utf8 = new byte[(number + 1 == count ? bytes : start(number + 1)) - start];
        mapped.get(start, utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    private int start(int number) {
        return starts.get(number >>> 16)[number & 0xFFFF];
    }

    private void add(String text) throws IOException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        if (count == MOST || bytes > MOST_BYTES - utf8.length) {
            throw new UnusableWorkbook(
                    "the workbook has more than "
                            + MOST
                            + " different texts, or more than "
                            + MOST_BYTES / 1_000_000
                            + " MB of them: divide it");
        }
        if ((count & 0xFFFF) == 0) {
            starts.add(new int[1 << 16]);
        }
        starts.getLast()[count++ & 0xFFFF] = bytes;
        bytes += utf8.length;
        if (pending.remaining() < utf8.length) {
            flush();
        }
        if (pending.remaining() < utf8.length) {
            pending = ByteBuffer.allocate(utf8.length);
        }
        pending.put(utf8);
    }

    private void finish() throws IOException {
        flush();
        if (channel != null) {
            texts = channel.map(FileChannel.MapMode.READ_ONLY, 0, bytes);
        }
        pending = ByteBuffer.allocate(0);
    }

    private void flush() throws IOException {
        FileChannel out = channel == null ? unnamed() : channel;
        channel = out;
        pending.flip();
        while (pending.hasRemaining()) {
            out.write(pending);
        }
        pending.clear();
    }

    /// Readable by its owner alone, and gone with the process that opened it.
    private static FileChannel unnamed() throws IOException {
        Path file = Files.createTempFile("reconciler-texts", null);
        return FileChannel.open(
                file,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE);
    }
}
