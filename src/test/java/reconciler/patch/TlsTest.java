package reconciler.patch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.HttpUrl;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reconciler.change.ParticipantChanges;
import reconciler.outcome.Attempt;
import reconciler.outcome.Disposition;
import reconciler.outcome.Settlement;
import reconciler.outcome.Turn;

/// Hosts that are not who they say, or not any more: nothing is sent, and the message says why.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class TlsTest {
    private static final List<String> TRUST =
            List.of("javax.net.ssl.trustStore", "javax.net.ssl.trustStorePassword");

    private final HeldCertificate authority =
            new HeldCertificate.Builder().certificateAuthority(0).commonName("ours").build();
    private final MockWebServer server = new MockWebServer();

    @TempDir Path directory;

    /// The JVM reads its trust anew for each client.
    @BeforeEach
    void trustTheAuthority() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("ours", authority.certificate());
        Path file = directory.resolve("trust.p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, "changeit".toCharArray());
        }
        System.setProperty(TRUST.get(0), file.toString());
        System.setProperty(TRUST.get(1), "changeit");
    }

    @AfterEach
    void forget() {
        TRUST.forEach(System::clearProperty);
        server.close();
    }

    @Test
    void a_host_that_is_who_it_says_is_worked_with() throws IOException {
        serve(signed("localhost", Instant.now()));
        server.enqueue(new MockResponse.Builder().code(202).build());

        assertThat(check()).isEqualTo(new ApiHealth.Ready());
        assertThat(send()).isInstanceOf(Answer.Received.class);
    }

    @Test
    void a_certificate_from_nobody_known() throws IOException {
        serve(
                new HeldCertificate.Builder()
                        .addSubjectAlternativeName("localhost")
                        .commonName("self")
                        .build());
        assertRefused("its certificate was issued by an authority that this Java does not trust");
    }

    @Test
    void a_certificate_of_another_host() throws IOException {
        serve(signed("api.elsewhere.example", Instant.now()));
        assertRefused("its certificate is for another host");
    }

    @Test
    void a_certificate_that_has_expired() throws IOException {
        serve(signed("localhost", Instant.now().minus(Duration.ofDays(400))));
        assertRefused("its certificate has expired (NotAfter: ");
    }

    /// Under a run: it passed the check before.
    @Test
    void a_login_host_that_is_not_trusted_ends_everything_at_once() throws IOException {
        serve(signed("api.elsewhere.example", Instant.now()));

        assertEndsAtOnce(
                new Credentials.ClientCredentials("id", "secret"),
                "the login host is not trusted, so nothing is sent: its certificate is for another host;"
                        + " what was not sent is pending");
    }

    @Test
    void an_api_that_is_not_trusted_any_more_ends_everything_at_once() throws IOException {
        serve(signed("localhost", Instant.now().minus(Duration.ofDays(400))));

        assertEndsAtOnce(
                new Credentials.AccessToken("a-token"),
                "the API's host is not trusted, so nothing is sent: its certificate has expired");
    }

    private void assertEndsAtOnce(Credentials credentials, String message) {
        var clock = new TestClock();
        ParticipantChanges changes = Given.changes("a", "1");
        try (var patcher = patcher(credentials, clock)) {
            Turn turn =
                    patcher.patch(
                            changes,
                            patcher.newPage(List.of(changes), (_, _) -> () -> {}, Map.of()));

            assertThat(turn.attempts()).isEmpty();
            assertThat(turn.settlements())
                    .extracting(Settlement::disposition)
                    .allMatch(Disposition.Released.class::isInstance);
            assertThat(patcher.halt())
                    .isNotNull()
                    .satisfies(halt -> {
                        assertThat(halt.kind()).isEqualTo(Halt.Kind.DISTRUSTED);
                        assertThat(halt.message()).startsWith(message);
                    });
            assertThat(clock.pauses()).isEmpty();
        }
        assertThat(server.getRequestCount()).isZero();
    }

    private void assertRefused(String words) {
        assertThat(check())
                .isInstanceOfSatisfying(
                        ApiHealth.Distrusted.class,
                        distrusted -> {
                            assertThat(distrusted.host()).isEqualTo("the API's host");
                            assertThat(distrusted.why())
                                    .startsWith(words)
                                    .contains("https://localhost:")
                                    .doesNotContain("\n");
                        });
        assertThat(send())
                .isInstanceOfSatisfying(
                        Answer.NotSent.class,
                        notSent -> {
                            assertThat(notSent.code()).isEqualTo("tls.failed");
                            assertThat(notSent.lasting()).isEqualTo(Halt.Kind.DISTRUSTED);
                            assertThat(notSent.message()).contains(words).doesNotContain("\n");
                        });
        assertThat(server.getRequestCount()).isZero();
    }

    private HeldCertificate signed(String host, Instant from) {
        return new HeldCertificate.Builder()
                .signedBy(authority)
                .addSubjectAlternativeName(host)
                .validityInterval(
                        from.minusSeconds(60).toEpochMilli(),
                        from.plus(Duration.ofDays(1)).toEpochMilli())
                .build();
    }

    private void serve(HeldCertificate certificate) throws IOException {
        var handshakes = new HandshakeCertificates.Builder().heldCertificate(certificate).build();
        server.useHttps(handshakes.sslSocketFactory());
        server.start(InetAddress.getByName("localhost"), 0);
    }

    private URI url() {
        return URI.create("https://localhost:" + server.getPort());
    }

    private ApiHealth check() {
        try (var patcher = patcher(new Credentials.AccessToken("a-token"), new TestClock())) {
            return patcher.check();
        }
    }

    private AttributePatcher patcher(Credentials credentials, TestClock clock) {
        return new AttributePatcher(
                new ApiSettings(url(), url(), new WebContract(), credentials),
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

    private Answer send() {
        var http = HttpClients.of(1, Duration.ofSeconds(5));
        try {
            return new Wire(http)
                    .send(
                            new ApiRequest(
                                    Attempt.Purpose.PATCH,
                                    Given.PARTICIPANT,
                                    Given.changes("a", "1").changes(),
                                    "PATCH",
                                    HttpUrl.get(url().toString()),
                                    "{}"),
                            "a-token");
        } finally {
            http.dispatcher().executorService().shutdown();
            http.connectionPool().evictAll();
        }
    }
}
