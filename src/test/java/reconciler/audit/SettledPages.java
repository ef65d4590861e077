package reconciler.audit;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import reconciler.change.ChangeState;
import reconciler.change.ParticipantRole;
import reconciler.outcome.Attempt;
import reconciler.outcome.ConfirmedBy;
import reconciler.outcome.Disposition;
import reconciler.outcome.Evidence;
import reconciler.outcome.Settlement;
import reconciler.partition.Partition;
import reconciler.queue.ApprovalRule;
import reconciler.queue.ChangeQueue;
import reconciler.queue.ClaimedPage;
import reconciler.queue.DueChanges;
import reconciler.queue.Scope;

/// Pages that are claimed and settled without any API, an attempt and an outcome a row, for
/// measurements.
final class SettledPages {
    private static final Partition ALL = new Partition(new ParticipantRole("contact"), 0, 0, 1024);

    private final DataSource dataSource;
    private final JdbcClient jdbc;
    private final ChangeQueue queue;
    private final AuditTrail trail;
    private final TransactionTemplate transaction;
    private Scope scope;
    private ClaimedPage.@Nullable Position after;

    SettledPages(DataSource dataSource) {
        this.dataSource = dataSource;
        jdbc = JdbcClient.create(dataSource);
        queue = new ChangeQueue(dataSource);
        trail = new AuditTrail(dataSource);
        transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
        scope = new DueChanges(dataSource).scopeNow(Set.of(), new ApprovalRule.None());
    }

    /// What a row cost.
    record Cost(double cpuMicros, double micros) {}

    void queue(int rows) {
        jdbc.sql(
                        """
                        INSERT INTO reconciler.attribute_change (conversation_id, participant_id, participant_role,
                               attribute_name, attribute_value, requested_by)
                        SELECT gen_random_uuid(), gen_random_uuid(), 'contact', 'customer.tier', 'gold', 'kim'
                          FROM generate_series(1, :rows)
                        """)
                .param("rows", rows)
                .update();
        jdbc.sql("VACUUM ANALYZE reconciler.attribute_change").update();
        scope = new DueChanges(dataSource).scopeNow(Set.of(), new ApprovalRule.None());
    }

    long newRun() {
        return new Records(dataSource).open();
    }

    Cost settle(long run, int rows, int chunk) throws IOException {
        long began = System.nanoTime();
        var database = new DatabaseCpu(dataSource);
        long cpu = database.nanos();
        int done = 0;
        while (done < rows) {
            ClaimedPage page = queue.claim(ALL, scope, after, chunk);
            after = page.end();
            settle(run, page);
            done += page.rows().size();
        }
        return new Cost(
                (database.nanos() - cpu) / 1e3 / done, (System.nanoTime() - began) / 1e3 / done);
    }

    private void settle(long run, ClaimedPage page) {
        List<Attempt> attempts = new ArrayList<>();
        List<Settlement> settlements = new ArrayList<>();
        for (ClaimedPage.Row row : page.rows()) {
            var evidence = new Evidence(200, null, null, "5f0c9c1e-7a52-4b6e-8f3a-2f6f1d0f1a11");
            attempts.add(
                    new Attempt(
                            Attempt.Purpose.PATCH,
                            row.change().participant(),
                            List.of(row.change().id()),
                            "PATCH",
                            "/api/v2/conversations/web/"
                                    + row.change().participant().conversationId()
                                    + "/participants/"
                                    + row.change().participant().participantId(),
                            "ab".repeat(32),
                            Instant.EPOCH,
                            Duration.ofMillis(40),
                            evidence,
                            null));
            settlements.add(
                    new Settlement(
                            row.change(),
                            new Disposition.Settled(ChangeState.APPLIED, ConfirmedBy.ANSWER),
                            1,
                            false,
                            evidence,
                            "silver",
                            null));
        }
        transaction.executeWithoutResult(_ -> {
            queue.settle(page.claim(), settlements);
            trail.append(run, "patch:contact-0", page.claim(), attempts, settlements);
        });
    }
}
