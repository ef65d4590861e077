package reconciler.patch;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/// A place elsewhere to which the audit's head is posted: https, or http on this machine. Redirects
/// are not followed, and nothing is sent twice.
public final class AnchorWebhook {
    private static final MediaType JSON = MediaType.get("application/json");
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final URI url;

    private AnchorWebhook(URI url) {
        this.url = url;
    }

    /// @param option the name by which the URL was given
    /// @throws InvalidSetting when it may not be used
    public static AnchorWebhook of(String option, String url) {
        return new AnchorWebhook(ApiAddress.parse(option, url));
    }

    /// Posts JSON.
    ///
    /// @return null when it was taken, else why it was not
    public @Nullable String post(String json) {
        OkHttpClient http = HttpClients.of(0, PATIENCE);
        Request request =
                new Request.Builder()
                        .url(url.toString())
                        .post(RequestBody.create(json, JSON))
                        .build();
        try (Response response = http.newCall(request).execute()) {
            return response.isSuccessful() ? null : "it answered " + response.code();
        } catch (IOException failure) {
            return TlsTrouble.inWords(failure);
        } finally {
            http.dispatcher().executorService().shutdown();
        }
    }

    /// Without its path, which may be a secret between the two.
    @Override
    public String toString() {
        return url.getScheme() + "://" + url.getRawAuthority();
    }
}
