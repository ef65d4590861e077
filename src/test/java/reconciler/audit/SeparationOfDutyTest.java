package reconciler.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reconciler.database.Database;
import reconciler.embedded.TestPostgres;

/// What `audit.v_separation_of_duty` makes of rows that were sent past the rule of their job. The
/// job does no such thing, so it is put on record here.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SeparationOfDutyTest {
    private static final String WITHOUT = "sent without the approval that the job asks for";

    private static final RunStart.Approvals RULE =
            new RunStart.Approvals(false, 5, List.of("customer.segment"));

    private Database database;
    private Records records;

    @BeforeEach
    void open() {
        database = Database.open(TestPostgres.freshDatabase(), 2);
        records = new Records(database.dataSource());
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void a_set_that_is_too_large_for_going_without_an_approval_shows() {
        long run = records.open(RULE);
        long large = set(6, 6, "customer.tier");
        send(run, set(5, 5, "customer.tier"), null);
        send(run, large, null);
        send(run, set(6, 6, "customer.tier"), "lee");

        assertThat(violations()).containsExactly("set " + large + ": " + WITHOUT);
        assertThat(records.verify().isSound()).isTrue();
    }

    @Test
    void so_does_one_with_an_attribute_of_the_rule_and_what_belongs_to_no_set() {
        long run = records.open(RULE);
        long named = set(1, 1, "customer.segment");
        send(run, named, null);
        send(run, null, null);

        assertThat(violations())
                .containsExactlyInAnyOrder("set " + named + ": " + WITHOUT, "set none: " + WITHOUT);
    }

    @Test
    void so_does_one_that_was_sent_before_all_of_it_was_there_but_not_for_what_came_later() {
        long run = records.open(RULE);
        long unfinished = set(2, 3, "customer.tier");
        long whole = set(3, 3, "customer.tier");
        send(run, unfinished, null);
        send(run, whole, null);
        rows(whole, 9, "customer.segment");

        assertThat(violations()).containsExactly("set " + unfinished + ": " + WITHOUT);
    }

    @Test
    void a_job_that_asks_for_all_or_for_nothing_is_judged_by_that() {
        long strict = records.open(new RunStart.Approvals(true, null, List.of()));
        long one = set(1, 1, "customer.tier");
        send(strict, one, null);
        send(records.open(), set(9, 9, "customer.segment"), null);

        assertThat(violations()).containsExactly("set " + one + ": " + WITHOUT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"'none'", "'required'"})
    void a_rule_that_was_altered_afterwards_is_found(String rule) {
        long run = records.open(RULE);
        records.attack("UPDATE audit.run SET approval_rule = " + rule);

        assertThat(records.verify().first().getFirst()).contains("run " + run + " was altered");
    }

    /// @param says how many rows it says it has
    private long set(int rows, int says, String attribute) {
        long set =
                records.jdbc
                        .sql(
                                "INSERT INTO reconciler.change_set (requested_by, rows_queued) VALUES ('kim', :says) RETURNING id")
                        .param("says", says)
                        .query(Long.class)
                        .single();
        rows(set, rows, attribute);
        return set;
    }

    private void rows(long set, int rows, String attribute) {
        records.jdbc
                .sql(
                        """
                        INSERT INTO reconciler.attribute_change (conversation_id, participant_id, participant_role, attribute_name,
                                                                 attribute_value, requested_by, change_set_id)
                        SELECT gen_random_uuid(), gen_random_uuid(), 'contact', :attribute, 'x', 'kim', :set
                          FROM generate_series(1, :rows)
                        """)
                .param("attribute", attribute)
                .param("set", set)
                .param("rows", rows)
                .update();
    }

    private void send(long run, @Nullable Long set, @Nullable String approvedBy) {
        records.chunk(run, "patch:contact-0", List.of(records.change(set, approvedBy)));
    }

    private List<String> violations() {
        return records.jdbc
                .sql(
                        """
                        SELECT 'set ' || coalesce(change_set_id::text, 'none') || ': ' || violation
                          FROM audit.v_separation_of_duty ORDER BY outcome_id
                        """)
                .query(String.class)
                .list();
    }
}
