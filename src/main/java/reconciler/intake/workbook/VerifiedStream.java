package reconciler.intake.workbook;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;

/// Bytes whose checksum is known; it is compared at their end.
final class VerifiedStream extends FilterInputStream {
    private final long expected;
    private final CRC32 checksum = new CRC32();

    VerifiedStream(InputStream bytes, long expected) {
        super(bytes);
        this.expected = expected;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int read = super.read(target, offset, length);
        if (read > 0) {
            checksum.update(target, offset, read);
        } else if (read < 0 && checksum.getValue() != expected) {
            throw new UnusableWorkbook("the zip file is damaged: a checksum does not fit");
        }
        return read;
    }

    @Override
    public long skip(long count) throws IOException {
        byte[] passed = new byte[(int) Math.min(count, 8192)];
        return Math.max(0, read(passed, 0, passed.length));
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
