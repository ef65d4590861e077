package reconciler.patch;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/// An address that a token, or an anchor, may be sent to: https, or http on this machine.
final class ApiAddress {
    private static final String REMEDY =
            "set it to something like https://api.mypurecloud.com, or http://localhost:8080 for the simulator";

    private ApiAddress() {}

    static URI parse(String variable, String text) {
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException notOne) {
            throw new InvalidSetting(variable, "is not a URL", REMEDY);
        }
        String host = url.getHost();
        if (host == null || url.getScheme() == null) {
            throw new InvalidSetting(variable, "is not a URL with a host", REMEDY);
        }
        if (url.getRawUserInfo() != null
                || url.getRawQuery() != null
                || url.getRawFragment() != null) {
            throw new InvalidSetting(
                    variable, "has a user, a query or a fragment", "give host, port and path only");
        }
        String scheme = url.getScheme().toLowerCase(Locale.ROOT);
        if (scheme.equals("http") && !isLoopback(host)) {
            throw new InvalidSetting(
                    variable,
                    "is http on " + host + ", where anybody between could read along",
                    "use https");
        }
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new InvalidSetting(variable, "is neither https nor http", REMEDY);
        }
        return url;
    }

    /// By what is written, not by what a name server says.
    private static boolean isLoopback(String host) {
        if ("localhost".equalsIgnoreCase(host)) {
            return true;
        }
        try {
            return InetAddress.ofLiteral(host).isLoopbackAddress();
        } catch (IllegalArgumentException aName) {
            return false;
        }
    }
}
