package reconciler.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reconciler.database.Database;
import reconciler.embedded.TestPostgres;
import reconciler.outcome.Evidence;

/// What a superuser can do to the record, and how `audit verify` names it.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class TamperingTest {
    private Database database;
    private Records records;

    @BeforeEach
    void recordThreeRuns() {
        database = Database.open(TestPostgres.freshDatabase(), 3);
        records = new Records(database.dataSource());
        records.run(2);
        records.trail.append(new Event("kim", "queued", "change set 1", "why", null));
        records.trail.appendCancelled(records.change(), Evidence.of("cancelled", "by hand"));
        records.run(2);
        records.run(1);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void an_untouched_record_is_sound() {
        Verification.Report report = records.verify(records.trail.head());

        assertThat(report.first()).isEmpty();
        assertThat(report.isSound()).isTrue();
        assertThat(report.valuesVerified()).isTrue();
        assertThat(report.anchors()).isEqualTo(1);
        assertThat(report.outcomes()).isEqualTo(2 * 6 * 2 + 6 + 1);
        assertThat(report.attempts()).isEqualTo(2 * 6 * 2 + 6);
        assertThat(report.seals()).isEqualTo(10 + 2 * 3 + 2);
        assertThat(report.head()).isEqualTo(records.trail.head());
    }

    @Test
    void only_what_was_sealed_since_a_moment_is_looked_at_on_demand() {
        Instant lastRun =
                records.jdbc
                        .sql(
                                "SELECT sealed_at FROM audit.seal WHERE kind = 'run-opened' AND run_id = 3")
                        .query(OffsetDateTime.class)
                        .single()
                        .toInstant();
        var verification = new Verification(database.dataSource());
        records.attack("UPDATE audit.outcome SET requested_by = 'eve' WHERE run_id = 1");

        Verification.Report report =
                verification.verify(lastRun.plusNanos(1_000), List.of(records.trail.head()));

        assertThat(report.first()).isEmpty();
        assertThat(report.seals()).isEqualTo(4);
        assertThat(report.outcomes()).isEqualTo(6);
        assertThat(verification.verify(Instant.EPOCH, List.of()).faults()).isEqualTo(12);
        Verification.Report future =
                verification.verify(
                        Instant.parse("2999-01-01T00:00:00Z"), List.of(records.trail.head()));
        assertThat(future.seals()).isZero();
        assertThat(future.first()).isEmpty();
    }

    @Test
    void rows_in_no_month_are_told_to_the_doctor() {
        var view = new AuditView(database.dataSource());
        assertThat(view.withoutMonth()).isEmpty();

        records.attack(
                "UPDATE audit.outcome SET occurred_at = occurred_at + interval '2 years' WHERE change_id = 5");

        assertThat(view.withoutMonth()).containsExactly("outcome");
    }

    @Test
    void an_altered_outcome_is_named() {
        records.attack(
                "UPDATE audit.outcome SET status = 'REJECTED', confirmed_by = NULL WHERE change_id = 5");

        assertFirst("outcome 5 (change 5) was altered");
    }

    @Test
    void an_outcome_that_was_given_the_leaf_of_another_is_named() {
        records.attack(
                "UPDATE audit.outcome o SET leaf = n.leaf FROM audit.outcome n WHERE o.change_id = 5 AND n.change_id = 4");

        assertFirst("outcome 5 (change 5) was altered");
    }

    @Test
    void a_row_rewritten_by_somebody_who_knows_the_format_is_traced_to_its_seal() {
        records.attack(
                "UPDATE audit.outcome SET http_status = 201 WHERE change_id = 5",
                """
                UPDATE audit.outcome SET leaf = sha256(record_send(ROW(
                       'outcome'::text, outcome_id, seal_id, change_id, change_set_id, run_id, claim, conversation_id,
                       participant_id, participant_role, corrected_role, attribute_name, before_commit, requested_commit,
                       standing_commit, status, confirmed_by, http_status, error_code, error_message, correlation_id, attempts, in_doubt,
                       requested_by, approved_by, evidence, occurred_at)))
                 WHERE change_id = 5
                """);

        assertFirst("does not match its rows outcome 4 (change 4) to outcome 6 (change 6)");
    }

    @Test
    void an_altered_attempt_is_named() {
        records.attack("UPDATE audit.attempt SET http_status = 500 WHERE 5 = ANY (change_ids)");

        assertFirst("attempt 5 was altered");
    }

    @Test
    void a_deleted_outcome_is_named() {
        records.attack("DELETE FROM audit.outcome WHERE change_id = 5");

        assertFirst("covers 3 outcomes, 2 are there: 1 were deleted; gone: outcome 5 (change 5)");
    }

    @Test
    void a_chunk_that_was_appended_to_a_run_after_its_end_is_named() {
        records.chunk(1, "patch:contact-9", 2);

        assertFirst("(run 1/patch:contact-9, number 1) was inserted: run 1 had its end before it");
    }

    @Test
    void a_deleted_attempt_is_missed() {
        records.attack("DELETE FROM audit.attempt WHERE 5 = ANY (change_ids)");

        assertFirst("covers 3 attempts, 2 are there: 1 were deleted");
    }

    @Test
    void an_outcome_inserted_under_no_seal_is_named() {
        records.attack(
                """
                INSERT INTO audit.outcome (seal_id, change_id, conversation_id, participant_id, participant_role, attribute_name,
                                           requested_commit, status, attempts, in_doubt, requested_by, leaf)
                SELECT 999999, 777, conversation_id, participant_id, participant_role, attribute_name, requested_commit,
                       'REJECTED', 0, false, 'eve', leaf
                  FROM audit.outcome WHERE change_id = 5
                """);

        assertFirst("(change 777) was inserted: no seal covers it");
    }

    @Test
    void an_outcome_inserted_among_those_of_a_chunk_is_named() {
        records.attack(
                """
                INSERT INTO audit.outcome (seal_id, change_id, conversation_id, participant_id, participant_role, attribute_name,
                                           requested_commit, status, attempts, in_doubt, requested_by, leaf)
                SELECT seal_id, 777, conversation_id, participant_id, participant_role, attribute_name, requested_commit,
                       'REJECTED', 0, false, 'eve', leaf
                  FROM audit.outcome WHERE change_id = 5
                """);

        assertFirst("(change 777) was altered");
        assertThat(records.verify().first())
                .anyMatch(
                        fault -> fault.contains("covers 3 outcomes, 4 are there: inserted among"));
    }

    @Test
    void two_outcomes_that_changed_places_are_named() {
        records.attack(
                """
                UPDATE audit.outcome o SET change_id = s.change_id, correlation_id = s.correlation_id, leaf = s.leaf
                  FROM audit.outcome s
                 WHERE (o.change_id, s.change_id) IN ((4, 5), (5, 4))
                """);

        assertFirst("outcome 4 (change 5) was altered");
    }

    @Test
    void a_redated_outcome_is_named_wherever_it_lies_now() {
        records.attack(
                "UPDATE audit.outcome SET occurred_at = occurred_at + interval '1 month' WHERE change_id = 5");

        assertFirst("outcome 5 (change 5) was altered");
    }

    @ParameterizedTest
    @ValueSource(strings = {"infinity", "-infinity", "294276-12-31T00:00Z", "4000-01-01T00:00Z BC"})
    void a_date_that_no_calendar_has_is_named_and_not_stumbled_over(String date) {
        records.attack(
                "UPDATE audit.outcome SET occurred_at = '" + date + "' WHERE change_id = 5",
                "UPDATE audit.attempt SET started_at = '" + date + "' WHERE 4 = ANY (change_ids)",
                "UPDATE audit.run SET scheduled_for = '" + date + "' WHERE run_id = 2",
                "UPDATE audit.run_end SET ended_at = '" + date + "' WHERE run_id = 2",
                "UPDATE audit.event SET occurred_at = '" + date + "', action = 'erased'",
                "UPDATE audit.seal SET sealed_at = '"
                        + date
                        + "' WHERE chain = 'run 2/patch:agent-0' AND number = 1");

        assertThat(records.verify().first())
                .anyMatch(fault -> fault.startsWith("outcome 5 (change 5) was altered"))
                .anyMatch(fault -> fault.startsWith("attempt 4 was altered"))
                .anyMatch(fault -> fault.startsWith("run 2 was altered"))
                .anyMatch(fault -> fault.startsWith("the end of run 2 was altered"))
                .anyMatch(fault -> fault.startsWith("event 1 (erased change set 1) was altered"))
                .anyMatch(fault -> fault.contains("(run 2/patch:agent-0, number 1) was altered"));
    }

    @Test
    void what_only_somebody_who_alters_tables_can_store_is_named_too() {
        records.attack(
                "UPDATE audit.attempt SET change_ids = '{{5,NULL},{6,7}}' WHERE 5 = ANY (change_ids)",
                "UPDATE audit.seal SET run_id = NULL WHERE chain = 'run 2/patch:agent-0' AND number = 1",
                "ALTER TABLE audit.seal ALTER hash DROP NOT NULL",
                "UPDATE audit.seal SET hash = NULL WHERE chain = 'run 2/patch:agent-0' AND number = 2");

        assertThat(records.verify().first())
                .anyMatch(fault -> fault.startsWith("attempt 5 was altered"))
                .anyMatch(fault -> fault.contains("(run 2/patch:agent-0, number 1) was altered"))
                .anyMatch(fault -> fault.contains("(run 2/patch:agent-0, number 2) was altered"));
    }

    @Test
    void an_altered_value_is_named() {
        records.attack("UPDATE audit.value SET requested_value = 'platinum' WHERE outcome_id = 5");

        assertFirst("the value of outcome 5 (change 5) was altered");
    }

    @Test
    void a_value_that_is_said_to_stand_and_was_slipped_in_is_named() {
        records.attack(
                "UPDATE audit.value SET standing_value = 'x', standing_salt = requested_salt WHERE outcome_id = 5");

        assertFirst("the value of outcome 5 (change 5) was altered");
    }

    @Test
    void a_value_that_vanished_without_an_erasure_is_named() {
        records.attack("DELETE FROM audit.value WHERE outcome_id = 5");

        assertFirst("the value of outcome 5 (change 5) is gone and no erasure says so");
    }

    @Test
    void an_altered_seal_is_named() {
        records.attack(
                "UPDATE audit.seal SET outcomes = 2 WHERE chain = 'run 2/patch:agent-0' AND number = 1");

        assertFirst("(run 2/patch:agent-0, number 1) was altered");
    }

    @Test
    void a_seal_replaced_by_a_valid_one_breaks_its_chain() {
        replaceSeal("chain = 'run 2/patch:agent-0' AND number = 1");

        assertFirst("(run 2/patch:agent-0, number 2) does not continue the seal before it");
    }

    @Test
    void the_last_seal_of_a_part_replaced_by_a_valid_one_is_missed_by_the_end_of_its_run() {
        replaceSeal("chain = 'run 2/patch:agent-0' AND number = 2");

        assertFirst("the end of run 2 was altered");
    }

    @Test
    void a_deleted_chunk_is_found_by_the_end_of_its_run() {
        records.attack(
                """
                DELETE FROM audit.value WHERE seal_id IN
                       (SELECT seal_id FROM audit.seal WHERE chain = 'run 2/patch:agent-0' AND number = 2)
                """,
                """
                DELETE FROM audit.outcome WHERE seal_id IN
                       (SELECT seal_id FROM audit.seal WHERE chain = 'run 2/patch:agent-0' AND number = 2)
                """,
                """
                DELETE FROM audit.attempt WHERE seal_id IN
                       (SELECT seal_id FROM audit.seal WHERE chain = 'run 2/patch:agent-0' AND number = 2)
                """,
                "DELETE FROM audit.seal WHERE chain = 'run 2/patch:agent-0' AND number = 2");

        assertFirst("the end of run 2 was altered");
    }

    @Test
    void an_approval_that_is_not_what_its_event_says_is_named() {
        long run = records.open();
        records.approvedSet(run);
        records.trail.close(run, 0, "all applied", 0);
        assertThat(records.verify().first()).isEmpty();

        records.attack("UPDATE reconciler.approval SET plan_sha256 = repeat('cd', 32)");
        assertFirst(
                "decision 1 (change set 1, approved by lee) was altered or inserted: no event says the same");

        records.attack("DELETE FROM reconciler.approval");
        assertFirst(
                "the decision of event 2 (change set 1, approved by lee) was deleted or altered");
    }

    @Test
    void an_altered_event_run_or_run_end_is_named() {
        records.attack("UPDATE audit.event SET actor = 'lee'");
        assertFirst("event 1 (queued change set 1) was altered");

        records.attack(
                "UPDATE audit.event SET actor = 'kim'", "UPDATE audit.run SET started_by = 'lee'");
        assertFirst("run 1 was altered");

        records.attack(
                "UPDATE audit.run SET started_by = 'kim'", "UPDATE audit.run_end SET applied = 0");
        assertFirst("the end of run 1 was altered");
    }

    @Test
    void a_run_removed_from_the_middle_breaks_the_journal() {
        removeRun(2);

        assertFirst("(journal, number 7) follows number 4: what was between is missing");
    }

    @Test
    void the_last_run_removed_is_seen_by_the_anchor_only() {
        Head anchor = records.trail.head();
        removeRun(3);

        assertThat(records.verify().isSound()).isTrue();
        assertThat(records.verify(anchor).first())
                .singleElement()
                .asString()
                .contains("the journal ends at number 6")
                .contains("knows number 8: the end was cut off");
    }

    @Test
    void a_journal_written_anew_after_a_removal_is_seen_by_the_anchor() {
        Head anchor = records.trail.head();
        removeRun(3);
        records.run(1);

        assertThat(records.verify().isSound()).isTrue();
        assertThat(records.verify(anchor).first())
                .singleElement()
                .asString()
                .contains("number 8 of the journal is not what the anchor");
        assertThat(records.verify(anchor, records.trail.head()).faults())
                .as("an anchor of the journal that was written anew hides nothing")
                .isEqualTo(1);
    }

    @Test
    void a_partition_created_again_without_its_rows_is_seen() {
        String partition =
                records.jdbc
                        .sql("SELECT DISTINCT tableoid::regclass::text FROM audit.outcome")
                        .query(String.class)
                        .single();
        records.jdbc.sql("DROP TABLE " + partition).update();
        records.jdbc.sql("SELECT audit.ensure_partitions()").query().singleRow();

        assertFirst("covers 3 outcomes, 0 are there: 3 were deleted");
    }

    @Test
    void faults_after_the_first_are_counted_too() {
        records.attack("UPDATE audit.outcome SET requested_by = 'eve'");

        Verification.Report report = records.verify();

        assertThat(report.faults()).isEqualTo(31);
        assertThat(report.first()).hasSize(20).first().asString().startsWith("outcome 1 ");
    }

    private void removeRun(long run) {
        records.attack(
                "DELETE FROM audit.value v USING audit.outcome o WHERE o.outcome_id = v.outcome_id AND o.run_id = "
                        + run,
                "DELETE FROM audit.outcome WHERE run_id = " + run,
                "DELETE FROM audit.attempt WHERE run_id = " + run,
                "DELETE FROM audit.run_end WHERE run_id = " + run,
                "DELETE FROM audit.run WHERE run_id = " + run,
                "DELETE FROM audit.seal WHERE run_id = " + run);
    }

    /// By one that is right in itself: the attacker knows the format and moves its time.
    private void replaceSeal(String which) {
        records.attack(
                "UPDATE audit.seal SET sealed_at = sealed_at + interval '1 second' WHERE " + which,
                """
                UPDATE audit.seal SET hash = sha256('\\x02'::bytea || convert_to(concat(
                       audit.net('seal'), audit.net(seal_id::text), audit.net(chain), audit.net(number::text),
                       audit.net(kind), audit.net(run_id::text), audit.net(event_id::text),
                       audit.net(attempts::text), audit.net(outcomes::text), audit.net(encode(root, 'hex')),
                       audit.net(encode(previous, 'hex')), audit.net(audit.micros(sealed_at))), 'UTF8'))
                 WHERE
                """
                        + which);
    }

    private void assertFirst(String fault) {
        Verification.Report report = records.verify();
        assertThat(report.isSound()).isFalse();
        assertThat(report.first().getFirst()).contains(fault);
    }
}
