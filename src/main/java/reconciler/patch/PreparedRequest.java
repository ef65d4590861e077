package reconciler.patch;

import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// A request as it would be sent, for showing: without the token, **with** the attribute values.
public record PreparedRequest(String method, URI url, Map<String, String> headers, String body) {
    public PreparedRequest {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    /// Without the body: who wants to show values says so.
    @Override
    public String toString() {
        return method + " " + url;
    }
}
