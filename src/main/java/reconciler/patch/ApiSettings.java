package reconciler.patch;

import java.net.URI;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Where the API is, how it is spoken to, and with what credentials.
///
/// @param loginUrl where tokens come from; not used with an access token
/// @param proxies through which both are reached
public record ApiSettings(
        URI baseUrl, URI loginUrl, ApiContract contract, Credentials credentials, Proxies proxies) {
    private static final String REGION = "RECONCILER_API_REGION";
    private static final String BASE_URL = "RECONCILER_API_BASE_URL";
    private static final String LOGIN_URL = "RECONCILER_API_LOGIN_URL";
    private static final String CONTRACT = "RECONCILER_API_CONTRACT";
    private static final String CLIENT_ID = "RECONCILER_API_CLIENT_ID";
    private static final String CLIENT_SECRET = "RECONCILER_API_CLIENT_SECRET";
    private static final String ACCESS_TOKEN = "RECONCILER_API_ACCESS_TOKEN";

    /// Reached through no proxy.
    public ApiSettings(URI baseUrl, URI loginUrl, ApiContract contract, Credentials credentials) {
        this(baseUrl, loginUrl, contract, credentials, Proxies.none());
    }

    /// The API's host, and its port where it does not go without saying: the same however the URL
    /// is spelt.
    public String place() {
        return ApiAddress.place(baseUrl);
    }

    /// The settings as the environment has them.
    ///
    /// @param setting the value of a variable, null when it is not set; blank counts as not set
    /// @throws InvalidSetting saying which variable is wrong and what to do
    public static ApiSettings of(Function<String, @Nullable String> setting) {
        Function<String, @Nullable String> given = name -> blankToNull(setting.apply(name));
        String contract = given.apply(CONTRACT);
        String loginUrl = given.apply(LOGIN_URL);
        Hosts hosts = hosts(given.apply(REGION), given.apply(BASE_URL));
        return new ApiSettings(
                hosts.api(),
                loginUrl == null ? hosts.login() : ApiAddress.parse(LOGIN_URL, loginUrl),
                ApiContract.parse(contract == null ? "web" : contract),
                credentials(
                        given.apply(CLIENT_ID),
                        given.apply(CLIENT_SECRET),
                        given.apply(ACCESS_TOKEN)),
                Proxies.of(given));
    }

    private record Hosts(URI api, URI login) {}

    private static Hosts hosts(@Nullable String region, @Nullable String baseUrl) {
        if (region != null && baseUrl != null) {
            throw new InvalidSetting(
                    REGION, "and " + BASE_URL + " are both set", "unset one of them");
        }
        if (region != null) {
            String domain = Regions.domain(REGION, region);
            return new Hosts(
                    URI.create("https://api." + domain), URI.create("https://login." + domain));
        }
        if (baseUrl != null) {
            URI url = ApiAddress.parse(BASE_URL, baseUrl);
            return new Hosts(url, url);
        }
        throw new InvalidSetting(
                REGION,
                "and " + BASE_URL + " are not set",
                "set " + REGION + " to the organisation's region (" + Regions.names() + ")");
    }

    private static Credentials credentials(
            @Nullable String id, @Nullable String secret, @Nullable String token) {
        if (token != null) {
            if (id != null || secret != null) {
                throw new InvalidSetting(
                        ACCESS_TOKEN,
                        "is set, and client credentials too",
                        "unset "
                                + ACCESS_TOKEN
                                + ", or both "
                                + CLIENT_ID
                                + " and "
                                + CLIENT_SECRET);
            }
            return new Credentials.AccessToken(header(ACCESS_TOKEN, token));
        }
        if (id == null && secret == null) {
            throw new InvalidSetting(
                    CLIENT_ID,
                    "and " + CLIENT_SECRET + " are not set",
                    "set both, or " + ACCESS_TOKEN + " for a token you already have");
        }
        if (id == null || secret == null) {
            throw new InvalidSetting(
                    id == null ? CLIENT_ID : CLIENT_SECRET,
                    "is not set, but " + (id == null ? CLIENT_SECRET : CLIENT_ID) + " is",
                    "set both");
        }
        return new Credentials.ClientCredentials(
                header(CLIENT_ID, id), header(CLIENT_SECRET, secret));
    }

    /// Credentials travel in a header: a line break or a letter beyond ASCII is a copying accident.
    private static String header(String variable, String value) {
        if (!value.chars().allMatch(letter -> letter > ' ' && letter < 127)) {
            throw new InvalidSetting(
                    variable,
                    "contains a space, a line break or a letter beyond ASCII",
                    "copy it again, without quotes");
        }
        return value;
    }

    private static @Nullable String blankToNull(@Nullable String value) {
        return value == null || value.isBlank() ? null : value.strip();
    }
}
