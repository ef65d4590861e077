package reconciler.patch;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;

/// Whether the API's host can be connected to and is the one it says; no request is sent.
record HostCheck(OkHttpClient http, Duration timeout) {
    ApiHealth of(URI url) {
        HttpUrl address = HttpUrl.get(url.toString());
        int patience = (int) Math.min(timeout.toMillis(), Integer.MAX_VALUE);
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(address.host(), address.port()), patience);
            if (address.isHttps()) {
                socket.setSoTimeout(patience);
                shakeHands(socket, address);
            }
            return new ApiHealth.Ready();
        } catch (IOException failure) {
            String why = TlsTrouble.inWords(failure);
            return TlsTrouble.isOfTheCertificate(failure)
                    ? new ApiHealth.Distrusted(Halt.API_HOST, why + " (" + url + ")")
                    : new ApiHealth.Unreachable(url + ": " + why);
        }
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
