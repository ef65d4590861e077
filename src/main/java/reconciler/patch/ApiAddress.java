package reconciler.patch;

import java.net.InetAddress;
import java.net.URI;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/// An address that a token, or an anchor, may be sent to: https, or http on this machine. However
/// it is spelt, the same address is the same URI: host in lower case and without a dot at its end,
/// international names in ASCII, IPv6 in its short form, no port that goes without saying.
final class ApiAddress {
    private static final String REMEDY =
            "set it to something like https://api.mypurecloud.com, or http://localhost:8080 for the simulator";

    private static final Pattern FORM =
            Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://([^/?#\\\\]+)(.*)");

    private ApiAddress() {}

    static URI parse(String variable, String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new InvalidSetting(variable, "is not a URL with a host", REMEDY);
        }
        String scheme = form.group(1).toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new InvalidSetting(variable, "is neither https nor http", REMEDY);
        }
        HttpUrl url = url(text);
        if (url == null) {
            throw new InvalidSetting(variable, "is not a URL with a host", REMEDY);
        }
        if (form.group(2).contains("@")
                || url.encodedQuery() != null
                || url.encodedFragment() != null) {
            throw new InvalidSetting(
                    variable, "has a user, a query or a fragment", "give host, port and path only");
        }
        if (scheme.equals("http") && !isLoopback(url.host())) {
            throw new InvalidSetting(
                    variable,
                    "is http on " + url.host() + ", where anybody between could read along",
                    "use https");
        }
        String written = url.toString();
        boolean isBare = url.encodedPath().equals("/");
        return URI.create(isBare ? written.substring(0, written.length() - 1) : written);
    }

    /// Host and port, the port only where it does not go without saying: the same for however the
    /// URL is spelt.
    static String place(URI url) {
        HttpUrl same = url(url.toString());
        if (same == null) {
            return url.getRawAuthority().toLowerCase(Locale.ROOT);
        }
        String host = same.host().contains(":") ? "[" + same.host() + "]" : same.host();
        boolean goesWithoutSaying = same.port() == HttpUrl.defaultPort(same.scheme());
        return goesWithoutSaying ? host : host + ":" + same.port();
    }

    /// Null when OkHttp could not send anything there.
    private static @Nullable HttpUrl url(String text) {
        if (text.chars().anyMatch(letter -> letter <= ' ' || letter == '\\')) {
            return null;
        }
        HttpUrl url = HttpUrl.parse(text);
        if (url == null || !url.host().endsWith(".")) {
            return url;
        }
        String host = url.host().substring(0, url.host().length() - 1);
        return host.isEmpty() || host.endsWith(".") ? null : url.newBuilder().host(host).build();
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
