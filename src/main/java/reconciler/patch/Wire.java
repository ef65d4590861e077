package reconciler.patch;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLException;
import okhttp3.Call;
import okhttp3.Headers;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import reconciler.outcome.Attempt;

/// Sends one request and says what came back. The only place that calls OkHttp's `execute`.
final class Wire {
    private static final MediaType JSON = MediaType.get("application/json");
    private static final int CONVERSATION_BYTES = 4 << 20;
    private static final int BODY_BYTES = 64 << 10;

    private final OkHttpClient http;

    Wire(OkHttpClient http) {
        this.http = http;
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
                call, request.purpose() == Attempt.Purpose.PATCH ? BODY_BYTES : CONVERSATION_BYTES);
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
            return failed(failure, sending);
        } catch (IllegalArgumentException | IllegalStateException garbage) {
            // What OkHttp's own checks say of an answer that is not HTTP.
            return failed(new IOException(garbage), sending);
        }
    }

    private static Answer received(Response response, int successBytes) {
        int most = response.isSuccessful() ? successBytes : BODY_BYTES;
        byte[] body = new byte[0];
        boolean whole = true;
        try (InputStream content = response.body().byteStream()) {
            body = content.readNBytes(most);
        } catch (IOException broken) {
            whole = false;
        }
        return new Answer.Received(
                response.code(),
                headers(response.headers()),
                new String(body, StandardCharsets.UTF_8),
                whole);
    }

    private static Map<String, String> headers(Headers headers) {
        Map<String, String> byName = HashMap.newHashMap(headers.size());
        for (int i = 0; i < headers.size(); i++) {
            byName.put(headers.name(i).toLowerCase(Locale.ROOT), headers.value(i));
        }
        return byName;
    }

    private static Answer failed(IOException failure, Sending sending) {
        String message = TlsTrouble.inWords(failure);
        boolean late = failure instanceof InterruptedIOException;
        if (sending.hasBegun()) {
            return new Answer.Lost(late ? "answer.timeout" : "connection.lost", message);
        }
        return new Answer.NotSent(
                switch (failure) {
                    case UnknownHostException _ -> "host.unknown";
                    case SSLException _ -> "tls.failed";
                    default -> late ? "connection.timeout" : "connection.failed";
                },
                message,
                TlsTrouble.isOfTheCertificate(failure));
    }
}
