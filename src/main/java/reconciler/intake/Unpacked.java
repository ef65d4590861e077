package reconciler.intake;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.zip.GZIPInputStream;

/// What a stream holds, gzip or not; its first two bytes tell.
final class Unpacked {
    private static final int BUFFER = 64 * 1024;

    private Unpacked() {}

    static InputStream of(InputStream bytes) throws IOException {
        var stream = new PushbackInputStream(bytes, 2);
        byte[] first = stream.readNBytes(2);
        stream.unread(first);
        boolean isGzip = first.length == 2 && first[0] == 0x1f && first[1] == (byte) 0x8b;
        return isGzip ? new GZIPInputStream(stream, BUFFER) : stream;
    }
}
