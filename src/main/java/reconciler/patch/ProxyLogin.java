package reconciler.patch;

import okhttp3.Authenticator;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.Route;
import org.jspecify.annotations.Nullable;

/// Logs in at the proxy, with the first word, so that no connection is asked for twice.
final class ProxyLogin implements Authenticator {
    private static final String HEADER = "Proxy-Authorization";

    private final Proxies proxies;

    ProxyLogin(Proxies proxies) {
        this.proxies = proxies;
    }

    /// @throws ProxyTrouble when the proxy asks for what it was not given or does not take
    @Override
    public @Nullable Request authenticate(@Nullable Route route, Response response)
            throws ProxyTrouble {
        Request request = response.request();
        Proxies.HttpProxy proxy = proxies.of(request.url());
        if (proxy == null) {
            return null;
        }
        boolean asked =
                response.challenges().stream()
                        .noneMatch(challenge ->
                                challenge.scheme().equalsIgnoreCase("OkHttp-Preemptive"));
        if (asked) {
            throw ProxyTrouble.answered(response.code(), proxy, request.url());
        }
        return proxy.login() == null
                ? null
                : request.newBuilder().header(HEADER, proxy.login()).build();
    }
}
