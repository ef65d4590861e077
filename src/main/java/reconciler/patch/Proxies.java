package reconciler.patch;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.Credentials;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/// Through which proxy https hosts are reached, as curl reads it from the environment:
/// `https_proxy` or `HTTPS_PROXY`, else `all_proxy` or `ALL_PROXY`, but for what `no_proxy` or
/// `NO_PROXY` names. http is for this machine alone and goes through none.
public final class Proxies {
    private static final List<String> NAMES =
            List.of("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY");

    private static final Pattern FORM =
            Pattern.compile("(?:([A-Za-z][A-Za-z0-9+.-]*)://)?(?:(.*)@)?([^@/?#]+?)/*");

    private static final String REMEDY = "write it as http://user:password@host:port";

    /// What curl takes where none is given.
    private static final int PORT = 1080;

    private static final Proxies NONE = new Proxies(null, NoProxy.of(""));

    private final @Nullable HttpProxy proxy;
    private final NoProxy exceptions;

    private Proxies(@Nullable HttpProxy proxy, NoProxy exceptions) {
        this.proxy = proxy;
        this.exceptions = exceptions;
    }

    /// A proxy that connections are asked of.
    ///
    /// @param variable where it comes from, for messages
    /// @param login the header that it is given; null without a login
    record HttpProxy(String variable, String host, int port, @Nullable String login) {
        String place() {
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        }

        /// Without the login.
        @Override
        public String toString() {
            return place() + " (" + variable + ")";
        }
    }

    /// Where the environment names none; what the JVM's own properties say holds then.
    public static Proxies none() {
        return NONE;
    }

    /// @param setting the value of a variable, null when it is not set or blank
    /// @throws InvalidSetting saying which variable is wrong, without its value
    static Proxies of(Function<String, @Nullable String> setting) {
        for (String name : NAMES) {
            String given = setting.apply(name);
            if (given != null) {
                String lower = setting.apply("no_proxy");
                String exceptions = lower == null ? setting.apply("NO_PROXY") : lower;
                return new Proxies(
                        proxy(name, given), NoProxy.of(exceptions == null ? "" : exceptions));
            }
        }
        return NONE;
    }

    private static HttpProxy proxy(String variable, String text) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            throw new InvalidSetting(variable, "is no proxy", REMEDY);
        }
        String scheme = form.group(1) == null ? "http" : form.group(1).toLowerCase(Locale.ROOT);
        if (!scheme.equals("http")) {
            throw new InvalidSetting(
                    variable,
                    "is a proxy of the kind " + scheme + "://, which is not spoken here",
                    REMEDY);
        }
        URI place = place(variable, form.group(3));
        String host = HttpUrl.get("http://" + place.getRawAuthority()).host();
        int port = place.getPort() == -1 ? PORT : place.getPort();
        if (port < 1 || port > 65_535) {
            throw new InvalidSetting(variable, "has no port from 1 to 65535", REMEDY);
        }
        return new HttpProxy(variable, host, port, login(variable, form.group(2)));
    }

    private static URI place(String variable, String authority) {
        try {
            URI place = new URI("http://" + authority);
            if (place.getHost() != null
                    && !authority.endsWith(":")
                    && HttpUrl.parse(place.toString()) != null) {
                return place;
            }
        } catch (URISyntaxException notOne) {
            // Said below.
        }
        throw new InvalidSetting(variable, "has no host and port of a proxy", REMEDY);
    }

    private static @Nullable String login(String variable, @Nullable String given) {
        if (given == null) {
            return null;
        }
        int colon = given.indexOf(':');
        String user = colon < 0 ? given : given.substring(0, colon);
        String password = colon < 0 ? "" : given.substring(colon + 1);
        return Credentials.basic(
                decoded(variable, user), decoded(variable, password), StandardCharsets.UTF_8);
    }

    private static String decoded(String variable, String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEscaped) {
            throw new InvalidSetting(
                    variable,
                    "has a login with a % that escapes nothing",
                    "write such a letter as %25");
        }
    }

    /// Whether the environment names a proxy at all.
    boolean isEmpty() {
        return proxy == null;
    }

    /// The proxy for a URL; null where it is reached without.
    @Nullable HttpProxy of(HttpUrl url) {
        return proxy == null || !url.isHttps() || exceptions.covers(url.host(), url.port())
                ? null
                : proxy;
    }

    /// Without the login.
    @Override
    public String toString() {
        return proxy == null ? "no proxy" : proxy + " but for " + exceptions;
    }
}
