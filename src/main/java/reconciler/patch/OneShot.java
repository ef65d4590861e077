package reconciler.patch;

import java.io.IOException;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.BufferedSink;

/// A body that OkHttp must not send twice: without this it repeats a PATCH by itself after a 503
/// with `Retry-After: 0`.
final class OneShot extends RequestBody {
    private final MediaType type;
    private final byte[] content;

    OneShot(MediaType type, byte[] content) {
        this.type = type;
        this.content = content;
    }

    @Override
    public MediaType contentType() {
        return type;
    }

    @Override
    public long contentLength() {
        return content.length;
    }

    @Override
    public boolean isOneShot() {
        return true;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
        sink.write(content);
    }
}
