package reconciler.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import reconciler.database.Database;
import reconciler.embedded.TestPostgres;

/// A record that was begun before seals had a format goes on, and verifies as a whole.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class EarlierSealsTest {
    /// A run as the schema of that time recorded it.
    private static final String EARLIER_RUN =
            """
            INSERT INTO audit.run (job, trigger, started_by, host, version, job_file_sha256, job_file, api, contract, epoch,
                                   planned, horizon)
            VALUES ('nightly', 'manual', 'kim', 'here', 'test', 'x', 'job: nightly', 'https://api.example.com', 'web', 1, 3, 9);
            WITH sent AS (
                INSERT INTO audit.attempt (seal_id, run_id, claim, change_ids, conversation_id, participant_id, purpose, method,
                                           path, started_at, took_micros, http_status)
                SELECT 2, 1, 7, ARRAY[900 + n], gen_random_uuid(), gen_random_uuid(), 'PATCH', 'PATCH', '/p', now(), 12, 404
                  FROM generate_series(1, 3) AS n
                RETURNING attempt_id, change_ids[1] AS change_id, leaf
            ), stored AS (
                INSERT INTO audit.outcome (seal_id, change_id, run_id, claim, conversation_id, participant_id, participant_role,
                                           attribute_name, requested_commit, status, attempts, in_doubt, requested_by,
                                           evidence)
                SELECT 2, change_id, 1, 7, gen_random_uuid(), gen_random_uuid(), 'contact', 'tier', sha256('x'), 'REJECTED', 1,
                       false, 'kim', sha256(leaf)
                  FROM sent
                RETURNING outcome_id, occurred_at, leaf
            ), sealed AS (
                SELECT audit.seal_chunk(2, 1, 'patch:contact-0', ARRAY(SELECT leaf FROM sent ORDER BY attempt_id),
                                        ARRAY(SELECT leaf FROM stored ORDER BY outcome_id))
            )
            SELECT nextval('audit.seal_seq') FROM sealed;
            INSERT INTO audit.run_end (run_id, exit_code, explanation, applied, unchanged, superseded, rejected, conflict,
                                       expired, failed, pending, requests, throttled)
            VALUES (1, 3, 'three were refused', 0, 0, 0, 3, 0, 0, 0, 0, 3, 0);
            INSERT INTO audit.event (actor, action, object) SELECT 'system', 'erased', 'participant ' || participant_id
              FROM audit.outcome;
            """;

    private Database database;
    private Records records;

    @BeforeEach
    void recordThenMigrate() {
        database = Database.open(TestPostgres.emptyDatabase(), 3);
        List.of("V1__queue", "V2__audit", "V6__seals").forEach(this::migrate);
        run(EARLIER_RUN);
        List.of("V20__change_sets", "V30__plan", "V50__lean_seals", "V64__approval_rules")
                .forEach(this::migrate);
        records = new Records(database.dataSource());
        records.run(1);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void migrate(String script) {
        try {
            run(Files.readString(Path.of("db/migration", script + ".sql")));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void run(String script) {
        new JdbcTemplate(database.dataSource()).execute(script);
    }

    @Test
    void both_verify() {
        Verification.Report report = records.verify();

        assertThat(report.first()).isEmpty();
        assertThat(report.outcomes()).isEqualTo(3 + 6);
    }

    @Test
    void an_altered_row_of_that_time_is_named() {
        records.attack("UPDATE audit.outcome SET requested_by = 'eve' WHERE change_id = 902");

        assertThat(records.verify().first().getFirst())
                .contains("(change 902) was altered: it is not what seal 2 saw");
    }

    @Test
    void a_seal_of_that_time_cannot_pass_for_one_of_today() {
        records.attack("UPDATE audit.seal SET format = 2 WHERE seal_id = 2");

        assertThat(records.verify().first().getFirst()).contains("seal 2").contains("altered");
    }
}
