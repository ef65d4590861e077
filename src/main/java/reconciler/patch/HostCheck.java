package reconciler.patch;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/// Whether the API's host can be connected to, through its proxy where it has one, and is the one
/// it says; no request is sent.
record HostCheck(OkHttpClient http, Duration timeout, Proxies proxies) {
    ApiHealth of(URI url) {
        HttpUrl address = HttpUrl.get(url.toString());
        Proxies.HttpProxy proxy = proxies.of(address);
        int patience = (int) Math.min(timeout.toMillis(), Integer.MAX_VALUE);
        try (var socket = new Socket()) {
            socket.setSoTimeout(patience);
            connect(socket, address, proxy, patience);
            if (address.isHttps()) {
                shakeHands(socket, address);
            }
            return new ApiHealth.Ready();
        } catch (ProxyTrouble trouble) {
            String why = String.valueOf(trouble.getMessage());
            return trouble.isLasting()
                    ? new ApiHealth.WrongProxy(why)
                    : new ApiHealth.Unreachable(why);
        } catch (IOException failure) {
            String why = TlsTrouble.inWords(failure);
            return TlsTrouble.isOfTheCertificate(failure)
                    ? new ApiHealth.Distrusted(Halt.API_HOST, why + " (" + url + ")")
                    : new ApiHealth.Unreachable(
                            url
                                    + (proxy == null ? "" : " through the proxy " + proxy)
                                    + ": "
                                    + why);
        }
    }

    private static void connect(
            Socket socket, HttpUrl address, Proxies.@Nullable HttpProxy proxy, int patience)
            throws IOException {
        if (proxy == null) {
            socket.connect(resolved(address.host(), address.port()), patience);
        } else {
            socket.connect(resolved(proxy.host(), proxy.port()), patience);
            ProxyTunnel.open(socket, proxy, address);
        }
    }

    private static InetSocketAddress resolved(String host, int port) throws UnknownHostException {
        var address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new UnknownHostException(host);
        }
        return address;
    }

    private void shakeHands(Socket socket, HttpUrl address) throws IOException {
        try (var secure =
                (SSLSocket)
                        http.sslSocketFactory()
                                .createSocket(socket, address.host(), address.port(), true)) {
            secure.startHandshake();
            if (!http.hostnameVerifier().verify(address.host(), secure.getSession())) {
                throw new SSLPeerUnverifiedException(address.host());
            }
        }
    }
}
