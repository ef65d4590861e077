package reconciler.patch;

import java.io.IOException;
import okhttp3.HttpUrl;

/// What is wrong between us and a proxy; the host behind it was not spoken to.
final class ProxyTrouble extends IOException {
    private static final long serialVersionUID = 1L;
    private static final int LOGIN_REQUIRED = 407;

    private final boolean lasting;

    private ProxyTrouble(String message, boolean lasting) {
        super(message);
        this.lasting = lasting;
    }

    /// It does not do as it is asked.
    ///
    /// @param status what it answered to the CONNECT
    static ProxyTrouble answered(int status, Proxies.HttpProxy proxy, HttpUrl target) {
        if (status != LOGIN_REQUIRED) {
            return new ProxyTrouble(
                    "the proxy %s does not connect to %s: it answered %d"
                            .formatted(proxy, target.host() + ":" + target.port(), status),
                    false);
        }
        return new ProxyTrouble(
                proxy.login() == null
                        ? "the proxy %s asks for a login (407), and %s has none; write it as http://user:password@host:port"
                                .formatted(proxy, proxy.variable())
                        : "the proxy %s does not accept the login (407) that %s has; it is given as Basic"
                                .formatted(proxy, proxy.variable()),
                true);
    }

    /// Whether trying again is of no use until somebody mends a setting.
    boolean isLasting() {
        return lasting;
    }
}
