package reconciler.patch;

import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;
import reconciler.outcome.Attempt;

/// One request to the API, without its token.
///
/// @param body JSON; null for a read
record ApiRequest(Attempt.Purpose purpose, String method, HttpUrl url, @Nullable String body) {
    /// Without the body: it holds attribute values.
    @Override
    public String toString() {
        return method + " " + url.encodedPath();
    }
}
