package reconciler.patch;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import okhttp3.HttpUrl;

/// Tells OkHttp which proxy a connection is asked of.
final class ProxyChoice extends ProxySelector {
    private final Proxies proxies;

    ProxyChoice(Proxies proxies) {
        this.proxies = proxies;
    }

    @Override
    public List<Proxy> select(URI uri) {
        Proxies.HttpProxy proxy = proxies.of(HttpUrl.get(uri.toString()));
        return List.of(
                proxy == null
                        ? Proxy.NO_PROXY
                        : new Proxy(
                                Proxy.Type.HTTP,
                                InetSocketAddress.createUnresolved(proxy.host(), proxy.port())));
    }

    /// The call fails with the reason; there is no other proxy to try.
    @Override
    public void connectFailed(URI uri, SocketAddress proxy, IOException reason) {}
}
