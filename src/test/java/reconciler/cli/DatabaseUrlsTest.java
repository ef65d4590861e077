package reconciler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What can be wrong with `RECONCILER_DB_URL`: what never will be right by itself is 78, and a
/// password in it is shown to nobody.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DatabaseUrlsTest {
    private static final String SECRET = "canary-password-55de";

    private static final List<List<String>> COMMANDS =
            List.of(
                    List.of("doctor"),
                    List.of("doctor", "-o", "json"),
                    List.of("migrate"),
                    List.of("status"),
                    List.of("sets"),
                    List.of("plan", "1"),
                    List.of("run", "quick"),
                    List.of("outcomes"),
                    List.of("explain", "1"),
                    List.of("probe", "1"),
                    List.of("verify", "1"),
                    List.of("undo", "1", "--reason", "tried"),
                    List.of("cancel", "1", "--reason", "tried"),
                    List.of("pause", "--all", "--reason", "tried"),
                    List.of("stop", "--reason", "tried"),
                    List.of("audit", "verify"),
                    List.of("purge", "--keep", "400d"));

    @TempDir private Path folder;
    private Desk desk;
    private String url;

    @BeforeEach
    void open() {
        desk = new Desk(folder);
        desk.write("nightly.yml", "job: nightly\n");
        url = desk.settings.url();
    }

    @AfterEach
    void close() {
        desk.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    sslmode=verify-ful                                  | sslmode=verify-ful: expected one of disable,
                    sslmod=verify-full                                  | the parameter "sslmod", which the driver does not know
                    targetServerType=leader                             | targetServerType=leader: expected one of
                    sslmode=verify-full&sslrootcert=/no/such/root.crt   | does not support SSL
                    """)
    void a_parameter_that_can_never_be_right_is_named(String parameter, String sentence) {
        desk.with("RECONCILER_DB_URL", url + "&" + parameter);

        assertThat(desk.says("status"))
                .satisfies(said -> assertThat(said.exit()).as(said.err()).isEqualTo(78))
                .satisfies(said -> assertThat(said.err()).contains("RECONCILER_DB_URL", sentence));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    jdbc:postgresql://localhost:99999/db          | has the port "99999"
                    jdbc:postgresql://localhost:/db               | has the port ""
                    jdbc:postgresql://localhost                   | is no JDBC URL
                    jdbc:postgresql://localhost/db/more           | is no JDBC URL
                    jdbc:mysql://localhost/db                     | is no JDBC URL
                    postgresql://localhost/db                     | is no JDBC URL
                    jdbc:postgresql://no-such-host.invalid/db     | names a host that is not known
                    """)
    void an_address_that_can_never_be_right_is_named(String wrong, String sentence) {
        desk.with("RECONCILER_DB_URL", wrong);

        assertThat(desk.says("status"))
                .satisfies(said -> assertThat(said.exit()).as(said.err()).isEqualTo(78))
                .satisfies(said -> assertThat(said.err()).contains("RECONCILER_DB_URL", sentence));
    }

    @Test
    void a_database_that_does_not_exist_is_named() {
        desk.with("RECONCILER_DB_URL", url.replaceFirst("/test_[0-9_]+", "/no_such_database"));

        assertThat(desk.says("status"))
                .satisfies(said -> assertThat(said.exit()).isEqualTo(78))
                .satisfies(said ->
                        assertThat(said.err())
                                .contains(
                                        "RECONCILER_DB_URL names a database that does not exist"));
    }

    @Test
    void a_refused_connection_may_be_right_after_a_while() throws Exception {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        desk.with("RECONCILER_DB_URL", "jdbc:postgresql://127.0.0.1:" + port + "/db");

        assertThat(desk.says("status").exit()).isEqualTo(69);
    }

    @Test
    void a_pooler_that_is_none_of_the_three_is_refused() {
        desk.with("RECONCILER_DB_POOLER", "sessions");

        assertThat(desk.says("status"))
                .satisfies(said -> assertThat(said.exit()).isEqualTo(78))
                .satisfies(said ->
                        assertThat(said.err())
                                .contains("RECONCILER_DB_POOLER", "auto, transaction or none"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://localhost:5432/db?user=kim&password=" + SECRET,
                "jdbc:postgresql://localhost:5432/db?PASSWORD=" + SECRET,
                "jdbc:postgresql://localhost:5432/db&password=" + SECRET,
                "jdbc:postgresql://localhost:5432/db;password=" + SECRET,
                "jdbc:postgresql://kim:" + SECRET + "@localhost:5432/db",
                "jdbc:postgresql://kim:a/" + SECRET + "@localhost:5432/db",
                "postgresql://kim:" + SECRET + "@localhost:5432/db",
                "jdbc:postgresql:kim/" + SECRET + "@//localhost:5432/db"
            })
    void a_password_in_a_url_is_refused_by_every_command_and_shown_by_none(String telling) {
        for (String variable : List.of("RECONCILER_DB_URL", "RECONCILER_DB_LISTEN_URL")) {
            desk.with("RECONCILER_DB_URL", url).with("RECONCILER_DB_LISTEN_URL", url);
            desk.with(variable, telling);
            for (List<String> command : COMMANDS) {
                Desk.Said said = desk.says(command.toArray(String[]::new));
                assertThat(said.exit()).as("%s: %s", command, said.err()).isEqualTo(78);
                assertThat(said.out() + said.err())
                        .as("%s", command)
                        .contains(variable, "RECONCILER_DB_PASSWORD")
                        .doesNotContain(SECRET);
            }
        }
    }

    @Test
    void a_wrong_password_is_not_shown() {
        desk.with("RECONCILER_DB_URL", url.replaceFirst("[?].*", "") + "?user=no_such_login")
                .with("RECONCILER_DB_PASSWORD", SECRET);

        for (List<String> command : COMMANDS) {
            Desk.Said said = desk.says(command.toArray(String[]::new));
            assertThat(said.exit()).as("%s: %s", command, said.err()).isEqualTo(77);
            assertThat(said.out() + said.err()).doesNotContain(SECRET);
        }
    }

    @Test
    void tls_that_trusts_any_server_is_told_unless_no_network_lies_between() {
        assertThat(desk.says("doctor").out()).doesNotContain("sslmode");
    }
}
