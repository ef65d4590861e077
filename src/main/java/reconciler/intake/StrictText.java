package reconciler.intake;

import java.io.IOException;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import org.jspecify.annotations.Nullable;

/// A text in the encoding of its byte order mark, in the one that was named, or in UTF-8. Bytes
/// that are not of it refuse the file and are named by their line; the usual decoder would put a
/// question mark in their place.
final class StrictText extends Reader {
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final MeteredBytes source;
    private final ByteBuffer bytes = ByteBuffer.allocate(64 * 1024).flip();
    private final Encoding encoding;
    private final CharsetDecoder decoder;
    private boolean atStart = true;
    private boolean atEnd;
    private boolean afterReturn;
    private long line = 1;
    private @Nullable Character leftOver;

    /// @param named by the operator; null: nothing was
    /// @throws FileRefused when the mark forbids to read on
    StrictText(MeteredBytes source, @Nullable Charset named) throws IOException {
        this.source = source;
        while (!atEnd && bytes.remaining() < Encoding.LONGEST_MARK) {
            fill();
        }
        this.encoding = Encoding.of(bytes.array(), bytes.remaining(), named);
        this.decoder = encoding.charset().newDecoder();
    }

    /// The name of the encoding.
    String encoding() {
        return encoding.charset().name();
    }

    @Override
    public int read(char[] target, int offset, int length) throws IOException {
        if (leftOver != null) {
            target[offset] = leftOver;
            leftOver = null;
            return 1;
        }
        return length == 1 ? readOne(target, offset) : readSome(target, offset, length);
    }

    /// Where there is no room for a surrogate pair, its second half waits.
    private int readOne(char[] target, int offset) throws IOException {
        char[] two = new char[2];
        int read = readSome(two, 0, 2);
        target[offset] = two[0];
        leftOver = read == 2 ? two[1] : null;
        return Math.min(read, 1);
    }

    private int readSome(char[] target, int offset, int length) throws IOException {
        while (true) {
            CharBuffer text = CharBuffer.wrap(target, offset, length);
            CoderResult result = decoder.decode(bytes, text, atEnd);
            int read = withoutMark(target, offset, text.position() - offset);
            if (read > 0) {
                countLines(target, offset, read);
                return read;
            }
            if (result.isError()) {
                throw encoding.refusal(line, bytes.get(bytes.position()));
            }
            if (atEnd) {
                return -1;
            }
            fill();
        }
    }

    private int withoutMark(char[] target, int offset, int read) {
        if (!atStart || read == 0) {
            return read;
        }
        atStart = false;
        if (target[offset] != BYTE_ORDER_MARK) {
            return read;
        }
        System.arraycopy(target, offset + 1, target, offset, read - 1);
        return read - 1;
    }

    private void fill() throws IOException {
        bytes.compact();
        int read = source.read(bytes.array(), bytes.position(), bytes.remaining());
        atEnd = read < 0;
        bytes.position(bytes.position() + Math.max(0, read)).flip();
    }

    /// A line ends with LF, CR or CR LF.
    private void countLines(char[] text, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            char character = text[i];
            if (character == '\r' || (character == '\n' && !afterReturn)) {
                line++;
            }
            afterReturn = character == '\r';
        }
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
