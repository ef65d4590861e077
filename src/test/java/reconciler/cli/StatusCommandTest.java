package reconciler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.database.Database;
import reconciler.database.DatabaseSettings;
import reconciler.embedded.TestPostgres;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class StatusCommandTest {
    @Test
    void a_pause_that_the_api_asked_for_is_shown_while_it_lasts() {
        DatabaseSettings settings = TestPostgres.freshDatabase();
        try (Database database = Database.open(settings, 1)) {
            JdbcClient.create(database.dataSource())
                    .sql(
                            """
                            INSERT INTO reconciler.rate (name, limited_until)
                            VALUES ('api.example.org client over', clock_timestamp() - interval '1 minute'),
                                   ('api.example.org client held', clock_timestamp() + interval '1 minute')
                            """)
                    .update();
        }

        assertThat(status(settings))
                .containsPattern(
                        "api.example.org client held: limited until \\d\\d:\\d\\d:\\d\\d"
                                + " \\(the API asked for a pause\\)")
                .doesNotContain("client over");
    }

    @Test
    void why_a_run_sends_nothing_is_shown_while_it_sends_nothing() {
        DatabaseSettings settings = TestPostgres.freshDatabase();
        try (Database database = Database.open(settings, 1)) {
            JdbcClient.create(database.dataSource())
                    .sql(
                            """
                            INSERT INTO reconciler.lease (name, epoch, owner, run_id, acquired_at, renewed_at, expires_at,
                                   requests, throttled, settled, recent_requests, recent_throttled, recent_millis,
                                   ceiling_per_minute, held_up_by)
                            VALUES ('reconciler', 7, 'job nightly', 3, now(), now(), now() + interval '1 minute',
                                    1, 0, 0, 1, 0, 1000, 300, 'the API is left alone for 60 s')
                            """)
                    .update();
        }

        assertThat(status(settings))
                .contains("Nothing is sent for now: the API is left alone for 60 s.");
    }

    private static String status(DatabaseSettings settings) {
        var out = new ByteArrayOutputStream();
        var stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        var session =
                new Session(
                        Map.of(
                                "RECONCILER_DB_URL", settings.url(),
                                "RECONCILER_DB_USER", String.valueOf(settings.user()),
                                "RECONCILER_DB_PASSWORD", String.valueOf(settings.password())),
                        new Terminal(stream, stream, false),
                        InstantSource.system());
        new StatusCommand(session).call();
        return out.toString(StandardCharsets.UTF_8);
    }
}
