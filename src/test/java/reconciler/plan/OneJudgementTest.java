package reconciler.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.Seed;
import reconciler.change.ChangeState;
import reconciler.change.ParticipantRole;
import reconciler.database.Database;
import reconciler.embedded.TestPostgres;
import reconciler.outcome.Disposition;
import reconciler.outcome.Evidence;
import reconciler.outcome.Settlement;
import reconciler.partition.Partition;
import reconciler.queue.ApprovalRule;
import reconciler.queue.ChangeQueue;
import reconciler.queue.ClaimedPage;
import reconciler.queue.DueChanges;
import reconciler.queue.Orders;
import reconciler.queue.PausedSets;
import reconciler.queue.Scope;
import reconciler.run.JobFile;

/// What a plan and a dry run say of the queue is what a run then takes: which rows, which of them
/// are superseded by which, and which have expired.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class OneJudgementTest {
    private static final List<String> ROLES = List.of("agent", "contact");
    private static final JobFile JOB = JobFile.parse("any.yml", "job: any\n");

    private static Database database;
    private static Random random;

    private JdbcClient jdbc;
    private Orders orders;
    private DueChanges due;

    /// What one of them says: each row that would be taken, with the one that takes its place.
    private record Judged(Map<Long, Long> newest, Set<Long> expired) {
        Judged() {
            this(new TreeMap<>(), new TreeSet<>());
        }

        /// @param newest null: the row itself
        void add(long row, @Nullable Long newest, boolean expired) {
            this.newest.put(row, newest == null ? row : newest);
            if (newest == null && expired) {
                this.expired.add(row);
            }
        }

        long superseded() {
            return newest.entrySet().stream()
                    .filter(row -> !row.getKey().equals(row.getValue()))
                    .count();
        }
    }

    static Stream<ApprovalRule> rules() {
        return Stream.of(
                new ApprovalRule.None(),
                new ApprovalRule.Required(),
                new ApprovalRule.When(15, List.of("tier")));
    }

    @BeforeAll
    static void open() {
        database = Database.open(TestPostgres.freshDatabase(), 2);
        random = Seed.of(OneJudgementTest.class).random();
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @BeforeEach
    void fill() {
        jdbc = JdbcClient.create(database.dataSource());
        orders = new Orders(database.dataSource());
        due = new DueChanges(database.dataSource());
        jdbc.sql("DELETE FROM reconciler.attribute_change").update();
        jdbc.sql("DELETE FROM reconciler.pause").update();
        List<Long> sets = Stream.generate(orders::set).limit(6).toList();
        List<Orders.Order> participants = Stream.generate(orders::order).limit(12).toList();
        for (int i = 0; i < 150; i++) {
            queue(participants.get(random.nextInt(participants.size())), sets);
        }
        jdbc.sql(
                        """
                        UPDATE reconciler.change_set s
                           SET rows_queued = (SELECT count(*) FROM reconciler.attribute_change c WHERE c.change_set_id = s.id)
                        """)
                .update();
        sets.subList(0, 4).forEach(set -> orders.approve(set, "jo"));
        new PausedSets(database.dataSource()).pause(sets.get(random.nextInt(4)), "kim", null);
    }

    private void queue(Orders.Order participant, List<Long> sets) {
        Orders.Order order =
                participant
                        .as(ROLES.get(random.nextInt(2)))
                        .setting(random.nextInt(4) == 0 ? "tier" : "skill", "x");
        int set = random.nextInt(sets.size() + 1);
        order = set == sets.size() ? order : order.inSet(sets.get(set));
        order = random.nextInt(3) == 0 ? order.notBefore(someTime()) : order;
        order = random.nextInt(3) == 0 ? order.applyBy(someTime()) : order;
        order.queue();
    }

    private static Duration someTime() {
        return Duration.ofHours(random.nextBoolean() ? 1 : -1);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void plan_forecast_and_claim_agree(ApprovalRule rule) {
        Set<ParticipantRole> roles =
                random.nextInt(3) == 0 ? Set.of(new ParticipantRole("contact")) : Set.of();
        Scope scope = due.scopeNow(roles, rule);

        Judged planned = planned(scope);
        List<DueChanges.Forecast> forecast = due.forecast(scope);
        Judged claimed = claimed(scope, planned.newest().keySet());

        assertThat(claimed).isEqualTo(planned);
        assertThat(forecast.stream().mapToLong(DueChanges.Forecast::rows).sum())
                .isEqualTo(planned.newest().size());
        assertThat(forecast.stream().mapToLong(DueChanges.Forecast::superseded).sum())
                .isEqualTo(planned.superseded());
        assertThat(forecast.stream().mapToLong(DueChanges.Forecast::expired).sum())
                .isEqualTo(planned.expired().size());
    }

    private Judged planned(Scope scope) {
        var drafts = new Drafts(database.dataSource());
        var request = new PlanRequest(JOB, null, null, Duration.ofHours(1), "kim");
        Drafts.Draft draft = drafts.open(request, scope, "");
        drafts.addRows(draft);
        var judged = new Judged();
        jdbc.sql(
                        "SELECT change_id, superseded_by, finding FROM reconciler.plan_row WHERE plan_id = :plan")
                .param("plan", draft.id())
                .query(row -> {
                    judged.add(
                            row.getLong("change_id"),
                            row.getObject("superseded_by", Long.class),
                            "EXPIRED".equals(row.getString("finding")));
                });
        return judged;
    }

    /// @param foreseen rows that are no surprise; others may only come along with newer ones
    private Judged claimed(Scope scope, Set<Long> foreseen) {
        var queue = new ChangeQueue(database.dataSource());
        var judged = new Judged();
        for (String role : ROLES) {
            var partition = new Partition(new ParticipantRole(role), 0, 0, 1024);
            ClaimedPage page = queue.claim(partition, scope, null, 7);
            while (page.end() != null) {
                for (ClaimedPage.Row row : page.rows()) {
                    if (foreseen.contains(row.change().id()) || row.supersededBy() == null) {
                        judged.add(
                                row.change().id(),
                                row.supersededBy(),
                                row.change().isExpiredAt(scope.asOf()));
                    }
                }
                settle(queue, page);
                page = queue.claim(partition, scope, page.end(), 7);
            }
        }
        return judged;
    }

    private static void settle(ChangeQueue queue, ClaimedPage page) {
        List<Settlement> settlements = new ArrayList<>();
        for (ClaimedPage.Row row : page.rows()) {
            ChangeState state =
                    row.supersededBy() == null ? ChangeState.UNCHANGED : ChangeState.SUPERSEDED;
            settlements.add(
                    Settlement.unsent(row.change(), Disposition.Settled.as(state), Evidence.NONE));
        }
        queue.settle(page.claim(), settlements);
    }
}
