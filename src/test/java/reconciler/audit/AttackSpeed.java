package reconciler.audit;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.database.Database;
import reconciler.database.DatabaseSettings;
import reconciler.database.Migrations;
import reconciler.embedded.EmbeddedDatabase;

/// Measures how long `audit verify` takes to find each attack, in a copy of one record for each.
/// Argument: outcomes (20000), in chunks of 200.
final class AttackSpeed {
    /// What somebody with all rights does to the middle of the record; `:middle` is a change.
    private enum Attack {
        NONE("(none: the record as it is)", "SET LOCAL work_mem = 4096"),
        ALTERED(
                "alters an outcome",
                "UPDATE audit.outcome SET requested_by = 'eve' WHERE change_id = :middle"),
        SWAPPED(
                "swaps two outcomes",
                """
                UPDATE audit.outcome o SET change_id = s.change_id, leaf = s.leaf
                  FROM audit.outcome s WHERE (o.change_id, s.change_id) IN ((:middle, :middle + 1), (:middle + 1, :middle))
                """),
        REDATED(
                "re-dates an outcome into another month",
                "UPDATE audit.outcome SET occurred_at = occurred_at + interval '1 month' WHERE change_id = :middle"),
        LEAF(
                "alters an attempt and computes its leaf anew",
                """
                UPDATE audit.attempt SET http_status = 201, leaf = sha256(record_send(ROW(
                       'attempt'::text, attempt_id, seal_id, run_id, claim, change_ids, conversation_id, participant_id, purpose,
                       method, path, request_sha256, started_at, took_micros, 201, error_code, error_message, answer,
                       correlation_id, recorded_at)))
                 WHERE change_ids = ARRAY[:middle::bigint]
                """),
        DELETED("deletes an outcome", "DELETE FROM audit.outcome WHERE change_id = :middle"),
        INSERTED(
                "inserts an outcome",
                """
                INSERT INTO audit.outcome (seal_id, change_id, conversation_id, participant_id, participant_role, attribute_name,
                                           requested_commit, status, attempts, in_doubt, requested_by, leaf)
                SELECT seal_id, -1, conversation_id, participant_id, participant_role, attribute_name, requested_commit,
                       'REJECTED', 0, false, 'eve', leaf
                  FROM audit.outcome WHERE change_id = :middle
                """),
        VALUE(
                "alters a value",
                "UPDATE audit.value v SET requested_value = 'x' FROM audit.outcome o WHERE o.outcome_id = v.outcome_id AND o.change_id = :middle"),
        SEAL(
                "alters a seal",
                "UPDATE audit.seal SET outcomes = 2 WHERE seal_id = (SELECT seal_id FROM audit.outcome WHERE change_id = :middle)"),
        CHUNK(
                "removes the last chunk of a run",
                """
                WITH last AS (SELECT max(seal_id) AS seal_id FROM audit.seal WHERE kind = 'chunk' AND run_id = 1),
                     v AS (DELETE FROM audit.value WHERE seal_id = (SELECT seal_id FROM last)),
                     o AS (DELETE FROM audit.outcome WHERE seal_id = (SELECT seal_id FROM last)),
                     a AS (DELETE FROM audit.attempt WHERE seal_id = (SELECT seal_id FROM last))
                DELETE FROM audit.seal WHERE seal_id = (SELECT seal_id FROM last)
                """),
        RUN(
                "removes a run from the middle",
                """
                WITH v AS (DELETE FROM audit.value v USING audit.outcome o WHERE o.outcome_id = v.outcome_id AND o.run_id = 1),
                     o AS (DELETE FROM audit.outcome WHERE run_id = 1),
                     a AS (DELETE FROM audit.attempt WHERE run_id = 1),
                     e AS (DELETE FROM audit.run_end WHERE run_id = 1),
                     s AS (DELETE FROM audit.seal WHERE run_id = 1)
                DELETE FROM audit.run WHERE run_id = 1
                """),
        TAIL(
                "removes the last run (found by the anchor)",
                """
                WITH e AS (DELETE FROM audit.run_end WHERE run_id = 2),
                     s AS (DELETE FROM audit.seal WHERE run_id = 2)
                DELETE FROM audit.run WHERE run_id = 2
                """);

        private final String words;
        private final String statement;

        Attack(String words, String statement) {
            this.words = words;
            this.statement = statement;
        }
    }

    private AttackSpeed() {}

    static void main(String[] args) throws IOException {
        int outcomes = args.length > 0 ? Integer.parseInt(args[0]) : 20_000;
        try (EmbeddedDatabase server = EmbeddedDatabase.start()) {
            Head anchor;
            String original = server.url().replaceFirst("/postgres[?]", "/original?");
            try (Database database = open(server.url())) {
                JdbcClient.create(database.dataSource()).sql("CREATE DATABASE original").update();
            }
            try (Database database = open(original)) {
                new Migrations(database.dataSource()).apply();
                anchor = record(database, outcomes);
            }
            for (Attack attack : Attack.values()) {
                String copy = "copy_" + attack.ordinal();
                try (Database database = open(server.url())) {
                    JdbcClient.create(database.dataSource())
                            .sql("CREATE DATABASE " + copy + " TEMPLATE original")
                            .update();
                }
                try (Database database = open(original.replace("original", copy))) {
                    measure(database, attack, outcomes / 2, anchor);
                }
            }
        }
    }

    private static Database open(String url) {
        return Database.open(new DatabaseSettings(url, "postgres", ""), 3);
    }

    private static Head record(Database database, int outcomes) throws IOException {
        var pages = new SettledPages(database.dataSource());
        var trail = new AuditTrail(database.dataSource());
        pages.queue(outcomes);
        long run = pages.newRun();
        pages.settle(run, outcomes, 200);
        trail.close(run, 0, "all applied", 0);
        trail.close(pages.newRun(), 0, "nothing was due", 0);
        JdbcClient.create(database.dataSource())
                .sql("VACUUM ANALYZE audit.outcome, audit.attempt, audit.value, audit.seal")
                .update();
        return trail.head();
    }

    private static void measure(Database database, Attack attack, int middle, Head anchor) {
        new Records(database.dataSource())
                .attack(attack.statement.replace(":middle", String.valueOf(middle)));
        long start = System.nanoTime();
        Verification.Report report =
                new Verification(database.dataSource()).verify(null, List.of(anchor));
        System.out.printf(
                Locale.ROOT,
                "%s: %.2f s; %s%n",
                attack.words,
                (System.nanoTime() - start) / 1e9,
                report.isSound() ? "sound" : report.first().getFirst());
    }
}
