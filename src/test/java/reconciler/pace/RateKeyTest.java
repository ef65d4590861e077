package reconciler.pace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reconciler.patch.ApiSettings;
import reconciler.patch.InvalidSetting;

/// One client at one host has one allowance, however both are written.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RateKeyTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://api.example.com",
                "https://API.Example.COM",
                "HTTPS://api.example.com:443",
                "https://api.example.com/",
                "https://api.example.com.",
                "https://API.example.com.:443/gateway/v1/",
                "https://api.example.com:0443",
                "https://api%2Eexample.com",
            })
    void a_host_may_be_spelt_in_many_ways(String url) {
        assertThat(key(url, "c1")).isEqualTo("api.example.com client c1");
    }

    @ParameterizedTest
    @CsvSource({
        "https://bücher.example, xn--bcher-kva.example",
        "https://BÜCHER.example, xn--bcher-kva.example",
        "https://bu\u0308cher.example, xn--bcher-kva.example",
        "https://XN--bcher-kva.example., xn--bcher-kva.example",
        "https://api.example.com:8443, api.example.com:8443",
        "http://[::1]:8080, [::1]:8080",
        "http://[0:0:0:0:0:0:0:1]:8080/x, [::1]:8080",
        "http://[0000::0001]:8080, [::1]:8080",
        "https://[2001:DB8:0:0::1], [2001:db8::1]",
        "https://[2001:db8::1]:443, [2001:db8::1]",
        "https://[::ffff:10.1.2.3], 10.1.2.3",
        "http://localhost:80, localhost",
    })
    void what_is_written_otherwise_is_the_same(String url, String place) {
        assertThat(key(url, "c1")).isEqualTo(place + " client c1");
    }

    @Test
    void another_port_or_host_is_another() {
        assertThat(key("https://api.example.com:8443", "c1"))
                .isNotEqualTo(key("https://api.example.com", "c1"));
        assertThat(key("https://api.example.com", "c1"))
                .isNotEqualTo(key("https://api.example.com", "C1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {" c1", "c1 ", "\tc1\n", "c1\r\n"})
    void blanks_around_the_client_do_not_count(String client) {
        assertThat(key("https://api.example.com", client)).isEqualTo("api.example.com client c1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"https://.", "https://a..", "https://a b", "https:\\\\a", "https://a\\b"})
    void what_is_no_host_is_refused(String url) {
        assertThatThrownBy(() -> key(url, "c1"))
                .isInstanceOf(InvalidSetting.class)
                .hasMessageContaining("RECONCILER_API_BASE_URL");
    }

    private static String key(String url, String client) {
        Map<String, String> environment = new HashMap<>();
        environment.put("RECONCILER_API_BASE_URL", url);
        environment.put("RECONCILER_API_CLIENT_ID", client);
        environment.put("RECONCILER_API_CLIENT_SECRET", "s");
        return RateKey.of(ApiSettings.of(environment::get)).name();
    }
}
