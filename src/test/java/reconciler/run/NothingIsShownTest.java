package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import reconciler.database.DatabaseSettings;
import reconciler.patch.ApiSettings;
import reconciler.queue.Orders.Order;
import reconciler.run.Installed.Ended;

/// Secrets and attribute values that would be recognised anywhere, through the launcher, whole runs
/// and many failures, with every log line on: secrets are nowhere, values only where they belong,
/// in the tables too. `CommandsShowNothingTest` asks the other commands.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(180)
class NothingIsShownTest {
    private static final String SECRET = "canary-secret-7f3a";
    private static final String TOKEN = "canary-token-91bc";
    private static final String PASSWORD = "canary-password-55de";
    private static final String VALUE = "canary-value-c0de";
    private static final List<String> SECRETS = List.of(SECRET, TOKEN, PASSWORD);

    /// The queue and what the audit keeps apart for erasure.
    private static final Set<String> TABLES_OF_VALUES =
            Set.of("reconciler.attribute_change", "audit.value");

    private static final List<String> FAULTS =
            List.of(
                    "400-attribute times=2",
                    "400 times=2",
                    "409 times=1",
                    "429 times=1 retry-after=1",
                    "500-after times=1",
                    "drop-after times=1",
                    "hang times=1 for=1s",
                    "html times=1",
                    "huge times=1 bytes=300000",
                    "302 times=1",
                    "401 times=1",
                    "403-division times=1",
                    "slow-body times=1 for=50ms");

    @TempDir private Path directory;

    private final List<Ended> ended = new ArrayList<>();

    @Test
    void no_secret_is_shown_anywhere_and_no_value_where_it_does_not_belong() throws IOException {
        try (var scenario =
                new Scenario(settings -> settings.clientSecret(SECRET).tokens(Set.of(TOKEN)))) {
            Installed installed = installed(scenario);
            queue(scenario, installed);
            FAULTS.forEach(scenario.simulator.faults()::add);

            say(installed, "run", "quick");
            installed
                    .with("RECONCILER_API_CLIENT_SECRET", "")
                    .with("RECONCILER_API_CLIENT_ID", "")
                    .with("RECONCILER_API_ACCESS_TOKEN", TOKEN);
            order(scenario, 3);
            say(installed, "run", "quick");
            failing(installed);

            assertThat(ended).extracting(Ended::exit).contains(0, 3, 69, 77, 78);
            tablesAreClean(scenario);
        }
    }

    /// What fails early, with everything at hand that could be shown.
    private void failing(Installed installed) {
        installed
                .with("RECONCILER_API_ACCESS_TOKEN", "")
                .with("RECONCILER_API_CLIENT_ID", SECRET.substring(0, 6))
                .with("RECONCILER_API_CLIENT_SECRET", SECRET + "-wrong");
        say(installed, "doctor");
        installed.with("RECONCILER_DB_URL", "jdbc:postgresql://127.0.0.1:1/x?password=" + PASSWORD);
        say(installed, "migrate");
        installed.with(
                "RECONCILER_DB_URL", "jdbc:postgresql://127.0.0.1:1/x?sslpassword=" + PASSWORD);
        say(installed, "migrate");
    }

    private Installed installed(Scenario scenario) {
        return Installed.in(
                        directory,
                        scenario,
                        "api: {timeout: 500ms}",
                        "before-image: read",
                        "verify: {sample: 100%}")
                .with("RECONCILER_API_CLIENT_SECRET", SECRET)
                .with("RECONCILER_DB_PASSWORD", PASSWORD)
                .with("RECONCILER_LOG_LEVEL", "TRACE");
    }

    private void queue(Scenario scenario, Installed installed) throws IOException {
        order(scenario, 25);
        Path file = directory.resolve("changes.csv");
        Files.writeString(
                file,
                """
                conversation_id,participant_id,participant_role,attribute_name,attribute_value
                3044f11e-3f15-43aa-b8b1-821a1894b951,593b4716-4c81-4ef8-9cbb-d5bc510e246c,contact,tier,canary-value-c0de
                3044f11e-3f15-43aa-b8b1-821a1894b951,593b4716-4c81-4ef8-9cbb-d5bc510e246c,contact,tier,canary-value-c0de
                nonsense,593b4716-4c81-4ef8-9cbb-d5bc510e246c,CONTACT,,canary-value-c0de
                3044f11e-3f15-43aa-b8b1-821a1894b951,593b4716-4c81-4ef8-9cbb-d5bc510e246c,contact,tier,"canary-value-c0de
                """);
        say(installed, "queue", file.toString(), "--reason", "test", "--partial");
    }

    private static void order(Scenario scenario, int rows) {
        for (int i = 0; i < rows; i++) {
            Order order = scenario.orderFor("customer", Map.of("tier", VALUE + "-before"));
            order.setting("tier", VALUE + i).queue();
        }
    }

    private void say(Installed installed, String... command) {
        Ended end = installed.says(command);
        ended.add(end);
        for (String secret : SECRETS) {
            assertThat(end.out() + end.err() + end.commandLines())
                    .as(String.join(" ", command))
                    .doesNotContain(secret);
        }
        assertThat(end.out() + end.err() + end.commandLines())
                .as(String.join(" ", command))
                .doesNotContain(VALUE);
    }

    private static void tablesAreClean(Scenario scenario) {
        List<String> tables =
                scenario.jdbc
                        .sql(
                                """
                                SELECT table_schema || '.' || table_name FROM information_schema.tables
                                 WHERE table_type = 'BASE TABLE'
                                   AND table_schema NOT IN ('pg_catalog', 'information_schema')
                                """)
                        .query(String.class)
                        .list();
        assertThat(tables).hasSizeGreaterThan(15).containsAll(TABLES_OF_VALUES);
        for (String table : tables) {
            String text = "SELECT count(*) FROM " + table + " AS t WHERE t::text LIKE '%canary-%'";
            for (String secret : SECRETS) {
                assertThat(scenario.count(text.replace("canary-", secret)))
                        .as("%s in %s", secret, table)
                        .isZero();
            }
            if (TABLES_OF_VALUES.stream().noneMatch(table::startsWith)) {
                assertThat(scenario.count(text.replace("canary-", VALUE)))
                        .as("values in %s", table)
                        .isZero();
            }
        }
    }

    @Test
    void what_holds_a_secret_does_not_print_it() {
        Map<String, String> variables =
                Map.of(
                        "RECONCILER_API_BASE_URL",
                        "https://api.example.org",
                        "RECONCILER_API_CLIENT_ID",
                        "id",
                        "RECONCILER_API_CLIENT_SECRET",
                        SECRET,
                        "RECONCILER_DB_URL",
                        "jdbc:postgresql://h/d?sslpassword=" + PASSWORD,
                        "RECONCILER_DB_PASSWORD",
                        PASSWORD);
        ApiSettings api = ApiSettings.of(variables::get);
        DatabaseSettings database = DatabaseSettings.of(variables::get);
        assertThat(Stream.of(api, api.credentials(), database, database.place()))
                .extracting(String::valueOf)
                .allSatisfy(text -> assertThat(text).doesNotContain(SECRET, PASSWORD));
    }
}
