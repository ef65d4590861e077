package reconciler.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reconciler.change.ParticipantChanges;
import reconciler.outcome.Turn;

/// The API behind a proxy that really connects, with TLS end to end.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ProxyTest {
    /// `j:s:p@ss` as a header.
    private static final String LOGIN = "Proxy-Authorization: Basic ajpzOnBAc3M=";

    private final MockWebServer server = new MockWebServer();
    private final ConnectProxy proxy = new ConnectProxy();
    private final TestClock clock = new TestClock();
    private final TrustedAuthority authority = new TrustedAuthority();

    @TempDir Path directory;

    @BeforeEach
    void trustTheAuthority() throws Exception {
        authority.trust(directory);
    }

    @AfterEach
    void close() {
        authority.forget();
        proxy.close();
        server.close();
    }

    @Test
    void requests_and_the_check_go_through_the_proxy() throws IOException {
        serve();
        try (var patcher = patcher("https_proxy", "http://127.0.0.1:" + proxy.port())) {
            assertThat(patcher.check()).isEqualTo(new ApiHealth.Ready());
            assertThat(patch(patcher).attempts().getFirst().evidence().httpStatus()).isEqualTo(202);
        }
        assertThat(proxy.heads())
                .hasSize(2)
                .allMatch(head -> head.startsWith("CONNECT localhost:" + server.getPort() + " "))
                .noneMatch(head -> head.contains("a-token"));
    }

    @Test
    void the_login_of_the_proxy_is_given_with_the_first_word()
            throws IOException, InterruptedException {
        serve();
        proxy.wants(LOGIN);
        try (var patcher =
                patcher("HTTPS_PROXY", "http://j:s%3Ap%40ss@127.0.0.1:" + proxy.port() + "/")) {
            assertThat(patcher.check()).isEqualTo(new ApiHealth.Ready());
            assertThat(patch(patcher).attempts().getFirst().evidence().httpStatus()).isEqualTo(202);
        }
        assertThat(proxy.heads()).hasSize(2).allMatch(head -> head.contains(LOGIN));
        assertThat(server.takeRequest().getHeaders().get("Proxy-Authorization")).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http:// | asks for a login (407), and HTTPS_PROXY has none",
                "http://j:wrong@ | does not accept the login (407) that HTTPS_PROXY has",
            })
    void a_proxy_that_wants_another_login_ends_everything_and_is_named(String url, String words)
            throws IOException {
        serve();
        proxy.wants(LOGIN);
        try (var patcher = patcher("HTTPS_PROXY", url + "127.0.0.1:" + proxy.port())) {
            assertThat(patcher.check())
                    .isInstanceOfSatisfying(
                            ApiHealth.WrongProxy.class,
                            wrong ->
                                    assertThat(wrong.why())
                                            .contains(words, "127.0.0.1:" + proxy.port())
                                            .doesNotContain("wrong"));
            assertNothingSent(patch(patcher));
            assertThat(patcher.halt())
                    .isNotNull()
                    .satisfies(halt -> {
                        assertThat(halt.kind()).isEqualTo(Halt.Kind.PROXY);
                        assertThat(halt.message()).contains(words).doesNotContain("wrong");
                    });
        }
        assertThat(clock.pauses()).isEmpty();
    }

    @Test
    void a_login_host_behind_a_proxy_that_wants_another_login_says_nothing_of_the_client()
            throws IOException {
        serve();
        proxy.wants(LOGIN);
        try (var patcher =
                patcher(
                        new Credentials.ClientCredentials("id", "secret"),
                        "HTTPS_PROXY",
                        "http://127.0.0.1:" + proxy.port())) {
            assertThat(patcher.check()).isInstanceOf(ApiHealth.WrongProxy.class);
            assertNothingSent(patch(patcher));
            assertThat(patcher.halt()).extracting(Halt::kind).isEqualTo(Halt.Kind.PROXY);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 502, 503, 504})
    void a_proxy_that_does_not_connect_is_named_and_nothing_was_sent(int status)
            throws IOException {
        serve();
        proxy.answers(status, "Content-Length: 0");
        try (var patcher = patcher("HTTPS_PROXY", "http://127.0.0.1:" + proxy.port())) {
            assertThat(patcher.check())
                    .isInstanceOfSatisfying(
                            ApiHealth.Unreachable.class,
                            unreachable ->
                                    assertThat(unreachable.why())
                                            .contains(
                                                    "does not connect to localhost:",
                                                    "it answered " + status));
            Turn turn = patch(patcher);
            assertNothingSent(turn);
            assertThat(turn.settlements().getFirst().evidence().code()).isEqualTo("proxy.refused");
            assertThat(patcher.halt()).isNull();
        }
    }

    @Test
    void a_proxy_that_nobody_answers_at_is_named() throws IOException {
        serve();
        int nobody = unusedPort();
        try (var patcher = patcher("all_proxy", "127.0.0.1:" + nobody)) {
            assertThat(patcher.check())
                    .isInstanceOfSatisfying(
                            ApiHealth.Unreachable.class,
                            unreachable ->
                                    assertThat(unreachable.why())
                                            .contains(
                                                    "through the proxy 127.0.0.1:"
                                                            + nobody
                                                            + " (all_proxy)"));
            Turn turn = patch(patcher);
            assertNothingSent(turn);
            assertThat(turn.settlements().getFirst().evidence().code())
                    .isEqualTo("proxy.unreachable");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST", "other.example,.localhost", "*"})
    void what_no_proxy_names_is_reached_without(String exceptions) throws IOException {
        serve();
        try (var patcher = patcher("HTTPS_PROXY", "http://127.0.0.1:1", "NO_PROXY", exceptions)) {
            assertThat(patcher.check()).isEqualTo(new ApiHealth.Ready());
        }
        assertThat(proxy.heads()).isEmpty();
    }

    @Test
    void a_certificate_that_nobody_signed_is_found_behind_a_proxy_too() throws IOException {
        server.useHttps(TrustedAuthority.selfSigned("localhost"));
        server.start(InetAddress.getByName("localhost"), 0);
        try (var patcher = patcher("HTTPS_PROXY", "http://127.0.0.1:" + proxy.port())) {
            assertThat(patcher.check()).isInstanceOf(ApiHealth.Distrusted.class);
            assertNothingSent(patch(patcher));
            assertThat(patcher.halt()).extracting(Halt::kind).isEqualTo(Halt.Kind.DISTRUSTED);
        }
    }

    @Test
    void an_ipv6_literal_is_a_host_like_any_other() throws IOException {
        assumeTrue(hasIpv6(), "skipped: this machine has no IPv6 loopback address");
        server.useHttps(authority.sign("::1"));
        server.start(InetAddress.getByName("::1"), 0);
        server.enqueue(new MockResponse.Builder().code(202).build());
        URI url = URI.create("https://[::1]:" + server.getPort());
        try (var patcher = patcher(url, token(), Map.of())) {
            assertThat(patcher.check()).isEqualTo(new ApiHealth.Ready());
            assertThat(patch(patcher).attempts().getFirst().evidence().httpStatus()).isEqualTo(202);
        }
    }

    private static boolean hasIpv6() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getByName("::1"))) {
            return socket.isBound();
        } catch (IOException none) {
            return false;
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "http://proxy.example:3128 | proxy.example:3128 (HTTPS_PROXY)",
                "proxy.example:3128 | proxy.example:3128 (HTTPS_PROXY)",
                "PROXY.example | proxy.example:1080 (HTTPS_PROXY)",
                "HTTP://u:p@proxy.example:80// | proxy.example:80 (HTTPS_PROXY)",
                "u:p@10.0.0.1:8080 | 10.0.0.1:8080 (HTTPS_PROXY)",
                "http://[2001:DB8::1]:3128 | [2001:db8::1]:3128 (HTTPS_PROXY)",
                "u:p@w@proxy.example:3128 | proxy.example:3128 (HTTPS_PROXY)",
            })
    void a_proxy_is_written_as_curl_takes_it(String text, String expected) {
        assertThat(proxies("HTTPS_PROXY", text).of(HttpUrl.get("https://api.example.com/")))
                .hasToString(expected);
        assertThat(proxies("HTTPS_PROXY", text).of(HttpUrl.get("http://localhost/"))).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://proxy.example",
                "socks5://proxy.example:1080",
                "http://",
                "http://proxy.example:99999",
                "http://proxy.example:port",
                "http://proxy example:80",
                "http://s3cret:100%@proxy.example",
                "http://proxy.example/path"
            })
    void what_is_no_proxy_is_refused_without_its_login(String text) {
        assertThatThrownBy(() -> proxies("HTTPS_PROXY", text))
                .isInstanceOf(InvalidSetting.class)
                .hasMessageContaining("HTTPS_PROXY")
                .message()
                .doesNotContain("s3cret");
    }

    @Test
    void the_first_of_the_variables_that_is_set_counts() {
        HttpUrl api = HttpUrl.get("https://api.example.com/");
        assertThat(
                        proxies(
                                        "https_proxy",
                                        "a:1",
                                        "HTTPS_PROXY",
                                        "b:2",
                                        "all_proxy",
                                        "c:3",
                                        "ALL_PROXY",
                                        "d:4")
                                .of(api))
                .hasToString("a:1 (https_proxy)");
        assertThat(proxies("HTTPS_PROXY", "b:2", "ALL_PROXY", "d:4").of(api))
                .hasToString("b:2 (HTTPS_PROXY)");
        assertThat(proxies("http_proxy", "h:1", "NO_PROXY", "*").of(api)).isNull();
        assertThat(proxies("HTTPS_PROXY", "b:2", "no_proxy", "x", "NO_PROXY", "*").of(api))
                .isNotNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "example.com | api.example.com | true",
                ".example.com | api.example.com | true",
                ".example.com | example.com | true",
                "example.com. | api.example.com | true",
                "*.example.com | api.example.com | true",
                "ample.com | api.example.com | false",
                "api.example.com | example.com | false",
                "example.com.org | example.com | false",
                "EXAMPLE.com | api.example.com | true",
                "a.b  example.com | api.example.com | true",
                "a.b,,example.com, | api.example.com | true",
                "example.com:443 | api.example.com | true",
                "example.com:8443 | api.example.com | false",
                "* | api.example.com | true",
                "'' | api.example.com | false",
                ". | api.example.com | false",
                "10.1.2.3 | 10.1.2.3 | true",
                "10.1.2.3:443 | 10.1.2.3 | true",
                "10.1.2.3:80 | 10.1.2.3 | false",
                "2.3 | 10.1.2.3 | false",
                "10.0.0.0/8 | 10.1.2.3 | true",
                "10.1.2.0/30 | 10.1.2.3 | true",
                "10.1.2.0/31 | 10.1.2.3 | false",
                "0.0.0.0/0 | 10.1.2.3 | true",
                "10.0.0.0/33 | 10.1.2.3 | false",
                "10.0.0.0/x | 10.1.2.3 | false",
                "::1 | ::1 | true",
                "[::1] | ::1 | true",
                "[::1]:443 | ::1 | true",
                "0:0:0:0:0:0:0:1 | ::1 | true",
                "2001:db8::/32 | 2001:db8:1::5 | true",
                "2001:db8::/32 | 2001:db9::5 | false",
                "10.0.0.0/8 | ::1 | false",
            })
    void exceptions_are_read_as_curl_reads_them(String list, String host, boolean covered) {
        assertThat(NoProxy.of(list).covers(host, 443)).isEqualTo(covered);
    }

    @Test
    void nothing_prints_the_login() {
        Proxies proxies = proxies("HTTPS_PROXY", "http://user:s3cret@proxy.example:3128");
        assertThat(proxies.toString()).contains("proxy.example:3128").doesNotContain("s3cret");
        assertThat(String.valueOf(proxies.of(HttpUrl.get("https://a/")))).doesNotContain("s3cret");
    }

    private void serve() throws IOException {
        server.useHttps(authority.sign("localhost"));
        server.enqueue(new MockResponse.Builder().code(202).build());
        server.start(InetAddress.getByName("localhost"), 0);
    }

    private void assertNothingSent(Turn turn) {
        assertThat(turn.attempts()).isEmpty();
        assertThat(turn.settlements().getFirst().inDoubt()).isFalse();
        assertThat(server.getRequestCount()).isZero();
    }

    private static Turn patch(AttributePatcher patcher) {
        ParticipantChanges changes = Given.changes("a", "1");
        return patcher.patch(
                changes, patcher.newPage(List.of(changes), Given.UNRECORDED, Map.of()));
    }

    private static int unusedPort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Credentials token() {
        return new Credentials.AccessToken("a-token");
    }

    private AttributePatcher patcher(String... variables) {
        return patcher(token(), variables);
    }

    private AttributePatcher patcher(Credentials credentials, String... variables) {
        URI url = URI.create("https://localhost:" + server.getPort());
        return patcher(url, credentials, environment(variables));
    }

    private AttributePatcher patcher(
            URI url, Credentials credentials, Map<String, String> environment) {
        return new AttributePatcher(
                new ApiSettings(
                        url, url, new WebContract(), credentials, Proxies.of(environment::get)),
                new PatchSettings(
                        1,
                        Duration.ofSeconds(5),
                        Given.POLICIES,
                        BeforeImage.OFF,
                        0,
                        BreakerSettings.DEFAULT),
                new OpenPace(),
                () -> true,
                clock,
                clock,
                new Random(1));
    }

    private static Proxies proxies(String... variables) {
        return Proxies.of(environment(variables)::get);
    }

    private static Map<String, String> environment(String... variables) {
        Map<String, String> environment = new HashMap<>();
        for (int i = 0; i < variables.length; i += 2) {
            environment.put(variables[i], variables[i + 1]);
        }
        return environment;
    }
}
