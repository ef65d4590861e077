package reconciler.intake.workbook;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// The bytes of a part on their way to the XML parser: limited as a whole, and between two events
/// of the parser, which has to hold those in memory.
final class MeteredPart extends FilterInputStream {
    /// A tag or an attribute; the parser reads ahead by some kilobytes.
    private static final long EVENT_LIMIT = 1 << 20;

    private final String name;
    private final long limit;
    private long count;
    private long countAtEvent;

    MeteredPart(InputStream bytes, String name, long limit) {
        super(bytes);
        this.name = name;
        this.limit = limit;
    }

    /// The parser has handed over what it held.
    void event() {
        countAtEvent = count;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int read = super.read(target, offset, length);
        count += Math.max(0, read);
        if (count > limit) {
            throw new UnusableWorkbook(
                    "the part "
                            + name
                            + " of the workbook is larger than "
                            + limit / 1_000_000
                            + " MB: divide it");
        }
        if (count - countAtEvent > EVENT_LIMIT) {
            throw new UnusableWorkbook(
                    "the part "
                            + name
                            + " of the workbook has a tag or a text of more than "
                            + EVENT_LIMIT
                            + " bytes");
        }
        return read;
    }
}
