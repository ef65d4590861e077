package reconciler.database;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/// Looks at a URL before the driver does: that one passes over what it does not know, and tells of
/// what it cannot read with the whole of it.
///
/// @param variable the setting it came from, which messages name in place of the URL
record DatabaseUrl(String variable, String url) {
    private static final String SCHEME = "jdbc:postgresql:";

    private static final String EXAMPLE =
            ": expected for example jdbc:postgresql://localhost:5432/reconciler";

    private static final Pattern FORM =
            Pattern.compile(SCHEME + "(?://([^/?]*)/[^/?]*|[^/?]*)(?:[?].*)?", Pattern.DOTALL);

    private static final Pattern LOGIN_BEFORE_HOST = Pattern.compile("[^?]*@.*", Pattern.DOTALL);

    private static final Pattern PASSWORD =
            Pattern.compile("(?<!ssl)pass(?:word|wd)?\\s*=", Pattern.CASE_INSENSITIVE);

    private static final Pattern PORT = Pattern.compile(".*:([^\\]:]*)");

    /// @throws DatabaseUnusable when the driver could not use it, or it holds a password
    void demandUsable() {
        if (LOGIN_BEFORE_HOST.matcher(url).matches() || PASSWORD.matcher(url).find()) {
            throw wrong(
                    " holds a login or a password, where it would be shown: take it out, and set RECONCILER_DB_USER and"
                            + " RECONCILER_DB_PASSWORD");
        }
        Matcher form = FORM.matcher(url);
        if (!form.matches()) {
            throw wrong(" is no JDBC URL of a Postgres" + EXAMPLE);
        }
        addresses(form.group(1)).forEach(this::demandPort);
        Properties parameters = Driver.parseURL(url, new Properties());
        if (parameters == null) {
            throw wrong(" cannot be read by the driver" + EXAMPLE);
        }
        parameters
                .stringPropertyNames()
                .forEach(name -> demandKnown(name, parameters.getProperty(name)));
    }

    /// Without its query, where secrets may be.
    String place() {
        int query = url.indexOf('?');
        return url.substring(SCHEME.length(), query < 0 ? url.length() : query);
    }

    /// `sslmode`, where it lets the server be another than the one that is named; null when it does
    /// not, or when no network lies between.
    @Nullable String laxTls() {
        Properties parameters = Driver.parseURL(url, new Properties());
        if (parameters == null || hosts(parameters).allMatch(DatabaseUrl::isLoopback)) {
            return null;
        }
        String mode = PGProperty.SSL_MODE.getOrDefault(parameters);
        if (mode == null) {
            return PGProperty.SSL.isPresent(parameters) ? null : "prefer";
        }
        return mode.equalsIgnoreCase("verify-full") ? null : mode;
    }

    /// How many servers are tried in turn.
    int hosts() {
        Properties parameters = Driver.parseURL(url, new Properties());
        return parameters == null ? 1 : Math.toIntExact(hosts(parameters).count());
    }

    /// Whether it asks for something in the start-up packet, where poolers refuse what they do not
    /// know.
    boolean asksAtStartUp() {
        Properties parameters = Driver.parseURL(url, new Properties());
        return parameters != null
                && (PGProperty.OPTIONS.isPresent(parameters)
                        || PGProperty.CURRENT_SCHEMA.isPresent(parameters)
                        || PGProperty.REPLICATION.isPresent(parameters));
    }

    private static Stream<String> hosts(Properties parameters) {
        return Arrays.stream(
                String.valueOf(PGProperty.PG_HOST.getOrDefault(parameters)).split(",", -1));
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException unknown) {
            return false;
        }
    }

    private static Stream<String> addresses(@Nullable String hosts) {
        return hosts == null ? Stream.empty() : Arrays.stream(hosts.split(",", -1));
    }

    private void demandPort(String address) {
        Matcher port = PORT.matcher(address);
        if (port.matches() && !isPort(port.group(1))) {
            throw wrong(
                    " has the port \"" + port.group(1) + "\": expected a number from 1 to 65535");
        }
    }

    private static boolean isPort(String digits) {
        return digits.matches("[0-9]{1,5}")
                && Integer.parseInt(digits) >= 1
                && Integer.parseInt(digits) <= 65_535;
    }

    private void demandKnown(String name, String value) {
        PGProperty parameter = PGProperty.forName(name);
        if (parameter == null) {
            throw wrong(
                    " has the parameter \""
                            + name
                            + "\", which the driver does not know: correct its name, or take it out");
        }
        String[] choices = parameter.getChoices();
        if (isChecked(parameter)
                && choices != null
                && Arrays.stream(choices).noneMatch(value::equalsIgnoreCase)) {
            throw wrong(
                    " has "
                            + name
                            + "="
                            + value
                            + ": expected one of "
                            + String.join(", ", choices));
        }
    }

    /// Those where the driver takes nothing else.
    private static boolean isChecked(PGProperty parameter) {
        return switch (parameter) {
            case SSL_MODE,
                    SSL_NEGOTIATION,
                    GSS_ENC_MODE,
                    TARGET_SERVER_TYPE,
                    CHANNEL_BINDING,
                    PREFER_QUERY_MODE ->
                    true;
            default -> false;
        };
    }

    private DatabaseUnusable wrong(String what) {
        return new DatabaseUnusable(DatabaseUnusable.Kind.MISCONFIGURED, variable + what);
    }
}
