package reconciler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Rows that no job selects, and files that are no job files although somebody thinks so.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class NoTakerTest {
    private static final String SENTENCE =
            "of role customr, which no job selects, so that no run takes";

    @TempDir private Path folder;
    private Desk desk;

    @BeforeEach
    void open() {
        desk = new Desk(folder);
        desk.write("quick.yml", "job: quick\nselect: {roles: [contact, agent]}\n");
    }

    @AfterEach
    void close() {
        desk.close();
    }

    @Test
    void a_row_of_a_role_that_no_job_selects_is_named_with_the_remedy() {
        long adrift = insert("customr");
        insert("contact");

        String status = desk.says("status", "--job", "quick").out();
        assertThat(status)
                .contains(
                        "1 row is " + SENTENCE + " it (quick: contact, agent): add the role",
                        "1 row waits for a run: `reconciler run quick` takes it now");
        assertThat(desk.says("status", "--job", "quick", "-o", "json").out()).contains(SENTENCE);
        assertThat(desk.says("explain", String.valueOf(adrift), "--job", "quick").out())
                .contains("It is " + SENTENCE + " it")
                .doesNotContain("It waits for the next run");
        assertThat(desk.says("doctor", "-o", "jsonl").out())
                .contains("\"warning\"", "1 row is " + SENTENCE);
    }

    @Test
    void rows_of_another_job_are_promised_to_that_job() {
        desk.write("external.yaml", "job: external\nselect: {roles: [external]}\n");
        insert("external");
        insert("external");

        assertThat(desk.says("status", "--job", "quick").out())
                .contains("2 rows wait for a run: `reconciler run external` takes them now")
                .doesNotContain("`reconciler run quick`");
    }

    @Test
    void a_wrong_job_file_says_nothing_about_roles() {
        desk.write("wrong.yml", "job: other\n");
        insert("customr");

        assertThat(desk.says("status", "--job", "quick").out()).doesNotContain(SENTENCE);
    }

    @Test
    void each_mistake_of_a_job_file_is_a_line_and_a_file_passed_over_is_named() {
        desk.write("wrong.yml", "job: other\nrate: {per-minute: none}\n");
        desk.write("weekly.yml.txt", "job: weekly\n");
        desk.write("monthly.YML", "job: monthly\n");

        Desk.Said doctor = desk.says("doctor");

        assertThat(doctor.exit()).isEqualTo(78);
        assertThat(doctor.out().lines())
                .anySatisfy(line -> assertThat(line).contains("WRONG", "wrong.yml:1:6"))
                .anySatisfy(line -> assertThat(line).contains("WRONG", "wrong.yml:2:20"))
                .anySatisfy(line ->
                        assertThat(line).contains("warning", "weekly.yml.txt is passed over"))
                .anySatisfy(
                        line -> assertThat(line).contains("warning", "monthly.YML is passed over"))
                .noneSatisfy(line -> assertThat(line).contains("\\n"));
    }

    /// As somebody with SQL does it.
    private long insert(String role) {
        return JdbcClient.create(desk.database.dataSource())
                .sql(
                        """
                        INSERT INTO reconciler.attribute_change
                               (conversation_id, participant_id, participant_role, attribute_name, attribute_value, requested_by)
                        VALUES (gen_random_uuid(), gen_random_uuid(), :role, 'tier', 'gold', 'kim')
                        RETURNING id
                        """)
                .param("role", role)
                .query(Long.class)
                .single();
    }
}
