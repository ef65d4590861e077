package reconciler.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import reconciler.change.AttributeChange;
import reconciler.change.ChangeState;
import reconciler.change.Participant;
import reconciler.change.ParticipantRole;
import reconciler.change.Provenance;
import reconciler.outcome.Attempt;
import reconciler.outcome.ConfirmedBy;
import reconciler.outcome.Disposition;
import reconciler.outcome.Evidence;
import reconciler.outcome.Settlement;

/// Runs as the trail records them, and an attacker who may do everything to the database.
final class Records {
    final AuditTrail trail;
    final JdbcClient jdbc;
    private final DataSource dataSource;
    private long claim = 100;
    private long change;

    Records(DataSource dataSource) {
        this.dataSource = dataSource;
        this.trail = new AuditTrail(dataSource);
        this.jdbc = JdbcClient.create(dataSource);
    }

    /// A finished run of two parts, `chunks` chunks each, three outcomes a chunk.
    long run(int chunks) {
        long run = open();
        for (int chunk = 0; chunk < chunks; chunk++) {
            chunk(run, "patch:contact-0", 3);
            chunk(run, "patch:agent-0", 3);
        }
        trail.close(run, 0, "all applied", 0);
        return run;
    }

    long open() {
        return open(RunStart.Approvals.NONE);
    }

    /// A run that is under way, of a job with that rule.
    long open(RunStart.Approvals approvals) {
        return trail.open(
                new RunStart(
                        "nightly",
                        RunStart.Trigger.MANUAL,
                        null,
                        "kim",
                        "here",
                        "test",
                        "0".repeat(64),
                        "job: nightly",
                        approvals,
                        "https://api.example.com",
                        "web",
                        1,
                        6,
                        99));
    }

    /// @return the changes settled
    List<AttributeChange> chunk(long run, String part, int size) {
        return chunk(run, part, IntStream.range(0, size).mapToObj(_ -> change()).toList());
    }

    List<AttributeChange> chunk(long run, String part, List<AttributeChange> changes) {
        List<Attempt> attempts = new ArrayList<>();
        List<Settlement> settlements = new ArrayList<>();
        for (AttributeChange next : changes) {
            attempts.add(attempt(next));
            settlements.add(
                    new Settlement(
                            next,
                            new Disposition.Settled(ChangeState.APPLIED, ConfirmedBy.ANSWER),
                            1,
                            false,
                            new Evidence(200, null, null, "c-" + next.id()),
                            "silver",
                            null));
        }
        new TransactionTemplate(new JdbcTransactionManager(dataSource))
                .executeWithoutResult(_ -> trail.append(run, part, ++claim, attempts, settlements));
        return changes;
    }

    AttributeChange change() {
        return change(null, "lee");
    }

    AttributeChange change(@Nullable Long set, @Nullable String approvedBy) {
        return new AttributeChange(
                ++change,
                new Participant(new UUID(7, change / 2), new UUID(8, change / 2)),
                new ParticipantRole("contact"),
                "customer.tier",
                "gold é",
                new Provenance(set, "kim", approvedBy),
                null,
                null,
                false,
                0);
    }

    private static Attempt attempt(AttributeChange change) {
        return new Attempt(
                Attempt.Purpose.PATCH,
                change.participant(),
                List.of(change.id()),
                "PATCH",
                "/api/v2/conversations/web/x/participants/y",
                "ab".repeat(32),
                Instant.parse("2026-11-23T10:00:00.123456Z"),
                Duration.ofMillis(12),
                new Evidence(200, null, null, "c-" + change.id()),
                null);
    }

    /// A change set of kim's that lee approved by its plan, and one row of it settled.
    ///
    /// @return the set's id
    long approvedSet(long run) {
        long set =
                jdbc.sql(
                                """
                                INSERT INTO reconciler.change_set (requested_by, queued_login, reason, ticket, rows_queued)
                                VALUES ('kim', 'kim', 'wrong tier', 'OPS-4711', 1) RETURNING id
                                """)
                        .query(Long.class)
                        .single();
        jdbc.sql(
                        """
                        WITH plan AS (
                            INSERT INTO reconciler.plan (valid_until, made_by, change_set_id, job, job_file_sha256, api, as_of,
                                                         horizon, sha256)
                            VALUES (now() + interval '1 day', 'kim', :set, 'nightly', repeat('0', 64), 'https://api.example.com',
                                    now(), 99, repeat('ab', 32))
                            RETURNING id, sha256
                        )
                        INSERT INTO reconciler.approval (change_set_id, verdict, plan_id, plan_sha256, approver, requested_by,
                                                         queued_login, remark, valid_until)
                        SELECT :set, 'approved', id, sha256, 'lee', 'kim', 'kim', 'looks right', now() + interval '1 day'
                          FROM plan
                        """)
                .param("set", set)
                .update();
        trail.append(
                new Event(
                        "lee",
                        "approved",
                        "change set " + set,
                        "looks right",
                        "plan p_"
                                + jdbc.sql("SELECT max(id) FROM reconciler.plan")
                                        .query(Long.class)
                                        .single()
                                + " sha256:"
                                + "ab".repeat(32)));
        chunk(run, "patch:contact-0", List.of(change(set, "lee")));
        return set;
    }

    /// What a superuser can do: our triggers are off while it lasts.
    void attack(String... statements) {
        new TransactionTemplate(new JdbcTransactionManager(dataSource))
                .executeWithoutResult(_ -> {
                    for (String table : guarded()) {
                        jdbc.sql("ALTER TABLE " + table + " DISABLE TRIGGER USER").update();
                    }
                    for (String statement : statements) {
                        jdbc.sql(statement).update();
                    }
                    for (String table : guarded()) {
                        jdbc.sql("ALTER TABLE " + table + " ENABLE TRIGGER USER").update();
                    }
                });
    }

    /// Moves the clock of the record; null for the database's own.
    void livingIn(@Nullable String moment) {
        String clock = moment == null ? "clock_timestamp()" : "timestamptz '" + moment + "'";
        for (String column :
                List.of(
                        "run ALTER started_at",
                        "run_end ALTER ended_at",
                        "attempt ALTER recorded_at",
                        "outcome ALTER occurred_at")) {
            jdbc.sql("ALTER TABLE audit." + column + " SET DEFAULT " + clock).update();
        }
        String append =
                jdbc.sql("SELECT pg_get_functiondef('audit.append_seal'::regproc)")
                        .query(String.class)
                        .single();
        jdbc.sql(append.replaceFirst("moment := .*;", "moment := " + clock + ";")).update();
        String chunk =
                jdbc.sql(
                                "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname = 'append_chunk'")
                        .query(String.class)
                        .single();
        jdbc.sql(
                        chunk.replaceAll(
                                "\\S+(?: '[^']*')? AS (recorded_at|occurred_at)\n",
                                clock + " AS $1\n"))
                .update();
        if (moment != null) {
            String month = moment.substring(0, 7).replace('-', '_');
            for (String parent : List.of("attempt", "outcome", "value")) {
                String partition = "audit." + parent + "_p" + month;
                jdbc.sql(
                                "CREATE TABLE "
                                        + partition
                                        + " PARTITION OF audit."
                                        + parent
                                        + " FOR VALUES FROM (timestamptz '"
                                        + moment
                                        + "' - interval '10 days') TO (timestamptz '"
                                        + moment
                                        + "' + interval '10 days')")
                        .update();
            }
        }
    }

    private List<String> guarded() {
        return jdbc.sql(
                        """
                        SELECT oid::regclass::text FROM pg_class
                         WHERE (relnamespace = 'audit'::regnamespace AND relkind IN ('r', 'p') AND relhastriggers)
                            OR oid = 'reconciler.approval'::regclass
                         ORDER BY 1
                        """)
                .query(String.class)
                .list();
    }

    Verification.Report verify(Head... anchors) {
        return new Verification(dataSource).verify(null, List.of(anchors));
    }
}
