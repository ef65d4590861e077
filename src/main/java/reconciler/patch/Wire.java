package reconciler.patch;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import okhttp3.Call;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/// Sends one request and says what came back. The only place that calls OkHttp's `execute`.
final class Wire {
    private static final MediaType JSON = MediaType.get("application/json");
    private static final int CONVERSATION_BYTES = 4 << 20;
    private static final int BODY_BYTES = 64 << 10;

    /// Of the answer to a PATCH, and twice what was sent: it may show all the values again.
    private static final int CONFIRMATION_BYTES = 256 << 10;

    private static final Pattern REFUSED_TUNNEL =
            Pattern.compile("Unexpected response code for CONNECT: ([0-9]{3})");

    private final OkHttpClient http;
    private final Proxies proxies;

    Wire(OkHttpClient http) {
        this(http, Proxies.none());
    }

    Wire(OkHttpClient http, Proxies proxies) {
        this.http = http;
        this.proxies = proxies;
    }

    Answer send(ApiRequest request, String token) {
        byte[] content = request.content();
        Request.Builder call =
                new Request.Builder()
                        .url(request.url())
                        .method(
                                request.method(),
                                content == null ? null : new OneShot(JSON, content))
                        .header("Authorization", "Bearer " + token)
                        .header("Accept", "application/json");
        return send(
                call,
                content == null ? CONVERSATION_BYTES : CONFIRMATION_BYTES + 2 * content.length);
    }

    Answer send(Request.Builder request) {
        return send(request, BODY_BYTES);
    }

    private Answer send(Request.Builder request, int successBytes) {
        var sending = new Sending();
        Call call = http.newCall(request.tag(Sending.class, sending).build());
        try (Response response = call.execute()) {
            return received(response, successBytes);
        } catch (IOException failure) {
            return failed(failure, sending, call.request().url());
        } catch (IllegalArgumentException | IllegalStateException garbage) {
            // What OkHttp's own checks say of an answer that is not HTTP.
            return failed(new IOException(garbage), sending, call.request().url());
        }
    }

    private static Answer received(Response response, int successBytes) {
        int most = response.isSuccessful() ? successBytes : BODY_BYTES;
        byte[] body = new byte[0];
        boolean whole = true;
        try (InputStream content = response.body().byteStream()) {
            body = content.readNBytes(most + 1);
        } catch (IOException broken) {
            whole = false;
        }
        return new Answer.Received(
                response.code(),
                headers(response.headers()),
                new String(body, 0, Math.min(body.length, most), StandardCharsets.UTF_8),
                whole,
                body.length > most);
    }

    private static Map<String, String> headers(Headers headers) {
        Map<String, String> byName = HashMap.newHashMap(headers.size());
        for (int i = 0; i < headers.size(); i++) {
            byName.put(headers.name(i).toLowerCase(Locale.ROOT), headers.value(i));
        }
        return byName;
    }

    private Answer failed(IOException failure, Sending sending, HttpUrl url) {
        String message = TlsTrouble.inWords(failure);
        boolean late = failure instanceof InterruptedIOException;
        if (sending.hasBegun()) {
            return new Answer.Lost(late ? "answer.timeout" : "connection.lost", message);
        }
        Proxies.HttpProxy proxy = proxies.of(url);
        if (proxy != null && !(failure instanceof SSLException)) {
            return throughProxy(failure, proxy, url);
        }
        return new Answer.NotSent(
                switch (failure) {
                    case UnknownHostException _ -> "host.unknown";
                    case SSLException _ -> "tls.failed";
                    default -> late ? "connection.timeout" : "connection.failed";
                },
                message,
                TlsTrouble.isOfTheCertificate(failure) ? Halt.Kind.DISTRUSTED : null);
    }

    private static Answer throughProxy(IOException failure, Proxies.HttpProxy proxy, HttpUrl url) {
        Matcher refused = REFUSED_TUNNEL.matcher(String.valueOf(failure.getMessage()));
        ProxyTrouble trouble =
                failure instanceof ProxyTrouble told
                        ? told
                        : refused.matches()
                                ? ProxyTrouble.answered(
                                        Integer.parseInt(refused.group(1)), proxy, url)
                                : null;
        if (trouble == null) {
            return new Answer.NotSent(
                    "proxy.unreachable",
                    "through the proxy " + proxy + ": " + TlsTrouble.inWords(failure),
                    null);
        }
        return new Answer.NotSent(
                trouble.isLasting() ? "proxy.login" : "proxy.refused",
                String.valueOf(trouble.getMessage()),
                trouble.isLasting() ? Halt.Kind.PROXY : null);
    }
}
