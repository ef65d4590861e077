package reconciler.patch;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/// OkHttp with everything switched off that sends a request a second time: one call is one request
/// on the wire. `SilentRetryTest` has a case for each of them.
final class HttpClients {
    private static final Duration IDLE = Duration.ofSeconds(30);

    private HttpClients() {}

    /// The time-out is the whole call's, to the last byte of the answer. Time-outs of single reads
    /// and writes would add nothing to it but their bookkeeping, twice for each packet.
    ///
    /// @param connections how many are kept; below the number in flight they are opened anew
    static OkHttpClient of(int connections, Duration timeout) {
        return of(connections, timeout, Proxies.none());
    }

    static OkHttpClient of(int connections, Duration timeout, Proxies proxies) {
        var client =
                new OkHttpClient.Builder()
                        .retryOnConnectionFailure(false)
                        .followRedirects(false)
                        .followSslRedirects(false)
                        .addNetworkInterceptor(HttpClients::withoutInviteToRepeat)
                        .connectionPool(
                                new ConnectionPool(connections, IDLE.toSeconds(), TimeUnit.SECONDS))
                        .callTimeout(timeout)
                        .connectTimeout(timeout)
                        .readTimeout(Duration.ZERO)
                        .writeTimeout(Duration.ZERO)
                        .eventListenerFactory(Sending::of);
        if (!proxies.isEmpty()) {
            client.proxySelector(new ProxyChoice(proxies))
                    .proxyAuthenticator(new ProxyLogin(proxies));
        }
        return client.build();
    }

    /// OkHttp repeats a GET after a 503 with `Retry-After: 0`; a zero says nothing that we use.
    private static Response withoutInviteToRepeat(Interceptor.Chain chain) throws IOException {
        Response response = chain.proceed(chain.request());
        return response.code() == 503 && isZero(response.header("Retry-After"))
                ? response.newBuilder().removeHeader("Retry-After").build()
                : response;
    }

    private static boolean isZero(@Nullable String seconds) {
        return seconds != null && seconds.matches("0+");
    }
}
