package reconciler.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ApiSettingsTest {
    private static final String REGION = "RECONCILER_API_REGION";
    private static final String BASE_URL = "RECONCILER_API_BASE_URL";
    private static final String LOGIN_URL = "RECONCILER_API_LOGIN_URL";
    private static final String CLIENT_ID = "RECONCILER_API_CLIENT_ID";
    private static final String CLIENT_SECRET = "RECONCILER_API_CLIENT_SECRET";
    private static final String ACCESS_TOKEN = "RECONCILER_API_ACCESS_TOKEN";

    @Test
    void a_region_gives_both_hosts() {
        var settings = settings(REGION, "eu_central_1", ACCESS_TOKEN, "t");
        assertThat(settings.baseUrl()).isEqualTo(URI.create("https://api.mypurecloud.de"));
        assertThat(settings.loginUrl()).isEqualTo(URI.create("https://login.mypurecloud.de"));
        assertThat(settings.contract()).isEqualTo(new WebContract());
        assertThat(settings.credentials()).isEqualTo(new Credentials.AccessToken("t"));
    }

    @ParameterizedTest
    @CsvSource({
        "us-east-1, mypurecloud.com",
        "US_EAST_1, mypurecloud.com",
        "mypurecloud.ie, mypurecloud.ie",
        "ap_southeast_2, mypurecloud.com.au",
        "eusc_de_east_1, edee1.eusc-pure.cloud"
    })
    void a_region_may_be_written_as_it_is_known(String region, String domain) {
        assertThat(settings(REGION, region, ACCESS_TOKEN, "t").baseUrl().getHost())
                .isEqualTo("api." + domain);
    }

    @ParameterizedTest
    @CsvSource({"us_eats_1, us_east_1", "eu-centrl-1, eu_central_1", "apsouth_1, ap_south_1"})
    void a_misspelt_region_is_told_what_was_meant(String region, String meant) {
        assertRefused("did you mean " + meant, REGION, region, ACCESS_TOKEN, "t");
    }

    @Test
    void an_unknown_region_is_told_all_there_are() {
        assertRefused("me_central_1, ap_south_1", REGION, "moon", ACCESS_TOKEN, "t");
    }

    @Test
    void a_base_url_alone_is_the_login_url_too() {
        var settings = settings(BASE_URL, "http://localhost:8080", ACCESS_TOKEN, "t");
        assertThat(settings.loginUrl()).isEqualTo(URI.create("http://localhost:8080"));
    }

    @Test
    void a_login_url_may_be_given() {
        var settings =
                settings(REGION, "us_east_1", LOGIN_URL, "https://sso.example", ACCESS_TOKEN, "t");
        assertThat(settings.loginUrl()).isEqualTo(URI.create("https://sso.example"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost",
                "http://LOCALHOST:1",
                "http://127.0.0.1:8080",
                "http://127.9.9.9",
                "http://[::1]:8080",
                "https://api.mypurecloud.com",
                "https://proxy.example/api-gw/"
            })
    void a_url_is_https_or_on_this_machine(String url) {
        assertThat(settings(BASE_URL, url, ACCESS_TOKEN, "t").baseUrl()).isEqualTo(URI.create(url));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://api.mypurecloud.com",
                "http://localhost.evil.example",
                "http://10.0.0.1",
                "ftp://localhost",
                "api.mypurecloud.com",
                "localhost:8080",
                "https://",
                "https:///x",
                "https://user:pass@host",
                "https://host?x=1",
                "https://host#x",
                "not a url",
                "http://0x7f.1"
            })
    void any_other_url_is_refused_by_name(String url) {
        assertRefused(BASE_URL, BASE_URL, url, ACCESS_TOKEN, "t");
    }

    @Test
    void region_and_base_url_contradict_each_other() {
        assertRefused("both set", REGION, "us_east_1", BASE_URL, "https://x", ACCESS_TOKEN, "t");
    }

    @Test
    void without_region_and_base_url_both_are_named() {
        assertRefused(REGION, ACCESS_TOKEN, "t");
        assertRefused(BASE_URL, ACCESS_TOKEN, "t");
    }

    @Test
    void missing_credentials_are_named() {
        assertRefused(CLIENT_ID, REGION, "us_east_1");
        assertRefused(ACCESS_TOKEN, REGION, "us_east_1", CLIENT_ID, " ");
        assertRefused(CLIENT_SECRET + " is not set", REGION, "us_east_1", CLIENT_ID, "x");
        assertRefused(CLIENT_ID + " is not set", REGION, "us_east_1", CLIENT_SECRET, "x");
    }

    @Test
    void two_kinds_of_credentials_contradict_each_other() {
        assertRefused("unset", REGION, "us_east_1", CLIENT_ID, "x", ACCESS_TOKEN, "t");
    }

    @Test
    void credentials_with_a_line_break_inside_are_a_copying_accident() {
        assertRefused(ACCESS_TOKEN, REGION, "us_east_1", ACCESS_TOKEN, "to\nken");
        assertThat(settings(REGION, "us_east_1", ACCESS_TOKEN, "token\n").credentials())
                .isEqualTo(new Credentials.AccessToken("token"));
    }

    @Test
    void a_refusal_does_not_print_the_secret() {
        assertThatThrownBy(() -> settings(REGION, "us_east_1", ACCESS_TOKEN, "hush hush"))
                .isInstanceOf(InvalidSetting.class)
                .message()
                .doesNotContain("hush");
    }

    @Test
    void settings_of_the_job_file_are_checked() {
        for (int inFlight : new int[] {0, -1}) {
            assertThatThrownBy(() -> patchSettings(inFlight, Duration.ofSeconds(1), 0))
                    .hasMessageContaining("api.in-flight");
        }
        assertThatThrownBy(() -> patchSettings(1, Duration.ZERO, 0))
                .hasMessageContaining("api.timeout");
        for (double share : new double[] {-0.1, 1.1, Double.NaN}) {
            assertThatThrownBy(() -> patchSettings(1, Duration.ofSeconds(1), share))
                    .hasMessageContaining("verify.sample");
        }
        assertThatThrownBy(() -> new Rate(0, true)).hasMessageContaining("rate.per-minute");
    }

    private static PatchSettings patchSettings(int inFlight, Duration timeout, double sample) {
        return new PatchSettings(
                inFlight,
                timeout,
                Given.POLICIES,
                BeforeImage.OFF,
                sample,
                BreakerSettings.DEFAULT);
    }

    private static void assertRefused(String words, String... namesAndValues) {
        assertThatThrownBy(() -> settings(namesAndValues))
                .isInstanceOf(InvalidSetting.class)
                .hasMessageContaining(words);
    }

    private static ApiSettings settings(String... namesAndValues) {
        Map<String, String> environment = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            environment.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return ApiSettings.of(environment::get);
    }
}
