package reconciler.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.database.Database;
import reconciler.embedded.TestPostgres;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the planner makes of the questions of `db/queries` where five months have gone by. Over A
/// million rows; `-Dplan-rows` for fewer or more.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class AuditorsQueryPlansTest {
    private static final long ROWS = Long.getLong("plan-rows", 1_000_000);
    private static final int MONTHS = 5;

    /// Filled before it is attached, so that its indexes are built in one go.
    private static final String MONTH_OF_OUTCOMES =
            """
            CREATE TABLE audit.%1$s (LIKE audit.outcome INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
            INSERT INTO audit.%1$s (outcome_id, seal_id, change_id, change_set_id, run_id, conversation_id, participant_id,
                                    participant_role, attribute_name, requested_commit, status, confirmed_by, http_status,
                                    error_code, correlation_id, attempts, in_doubt, requested_by, occurred_at, leaf)
            SELECT n, n / 200, n, n / 1000, n / 2000,
                   ('00000000-0000-0000-0007-' || lpad(to_hex(n / 4), 12, '0'))::uuid,
                   ('00000000-0000-0000-0008-' || lpad(to_hex(n / 2), 12, '0'))::uuid,
                   CASE WHEN n %% 10 = 0 THEN 'agent' ELSE 'contact' END,
                   CASE WHEN n %% 2 = 0 THEN 'customer.tier' ELSE 'wrap.note' END, sha256('x'),
                   CASE WHEN n %% 50 = 0 THEN 'REJECTED' ELSE 'APPLIED' END,
                   CASE WHEN n %% 50 = 0 THEN NULL WHEN n %% 100 = 7 THEN 'read-back' ELSE 'answer' END, 200,
                   CASE WHEN n %% 50 = 0 THEN 'invalid.attribute' END, 'c-' || n, 1, false, 'person ' || n %% 200,
                   timestamptz '%2$s' + (n - %4$d) * interval '28 days' / %5$d, sha256('x')
              FROM generate_series(%4$d, %4$d + %5$d - 1) AS n;
            ALTER TABLE audit.outcome ATTACH PARTITION audit.%1$s FOR VALUES FROM ('%2$s') TO ('%3$s')
            """;

    private static final String MONTH_OF_ATTEMPTS =
            """
            CREATE TABLE audit.%1$s (LIKE audit.attempt INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
            INSERT INTO audit.%1$s (attempt_id, seal_id, run_id, claim, change_ids, conversation_id, participant_id, purpose,
                                    method, path, started_at, took_micros, http_status, correlation_id, recorded_at, leaf)
            SELECT n, n / 200, n / 2000, n / 200, ARRAY[n],
                   ('00000000-0000-0000-0007-' || lpad(to_hex(n / 4), 12, '0'))::uuid,
                   ('00000000-0000-0000-0008-' || lpad(to_hex(n / 2), 12, '0'))::uuid, 'PATCH', 'PATCH',
                   '/api/v2/conversations/web/c/participants/p', moment, 40000, 200, 'c-' || n, moment, sha256('x')
              FROM generate_series(%4$d::bigint, %4$d + %5$d - 1) AS n,
                   LATERAL (SELECT timestamptz '%2$s' + (n - %4$d) * interval '28 days' / %5$d AS moment) AS m;
            ALTER TABLE audit.attempt ATTACH PARTITION audit.%1$s FOR VALUES FROM ('%2$s') TO ('%3$s')
            """;

    private static final DateTimeFormatter SUFFIX = DateTimeFormatter.ofPattern("'_p'yyyy'_'MM");

    private static Database database;
    private static JdbcClient jdbc;
    private static OffsetDateTime lastMonth;

    @BeforeAll
    static void letMonthsGoBy() {
        database = Database.open(TestPostgres.freshDatabase(), 2);
        jdbc = JdbcClient.create(database.dataSource());
        OffsetDateTime thisMonth =
                jdbc.sql("SELECT date_trunc('month', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'")
                        .query(OffsetDateTime.class)
                        .single()
                        .withOffsetSameInstant(ZoneOffset.UTC);
        lastMonth = thisMonth.minusMonths(1);
        for (int i = 0; i < MONTHS; i++) {
            OffsetDateTime month = thisMonth.minusMonths(MONTHS - i);
            fill(MONTH_OF_OUTCOMES, "outcome", month, i, ROWS * 6 / 10 / MONTHS);
            fill(MONTH_OF_ATTEMPTS, "attempt", month, i, ROWS * 4 / 10 / MONTHS);
        }
        jdbc.sql("VACUUM ANALYZE audit.outcome, audit.attempt").update();
    }

    private static void fill(
            String statements, String table, OffsetDateTime month, int number, long rows) {
        jdbc.sql(
                        statements.formatted(
                                table + SUFFIX.format(month),
                                month,
                                month.plusMonths(1),
                                1 + number * rows,
                                rows))
                .update();
    }

    @AfterAll
    static void close() {
        database.close();
    }

    static List<AuditorsQuery> queries() {
        return AuditorsQuery.all();
    }

    static List<AuditorsQuery> queriesAboutATime() {
        return queries().stream().filter(AuditorsQuery::isAboutATime).toList();
    }

    @ParameterizedTest
    @MethodSource("queries")
    void no_month_is_read_from_end_to_end_unless_the_question_is_about_every_outcome(
            AuditorsQuery query) {
        List<Scan> whole =
                scans(query).stream()
                        .filter(scan -> scan.node().equals("Seq Scan") && scan.isOfThePast())
                        .toList();

        if (query.number().matches("04|09")) {
            assertThat(whole).doesNotHaveDuplicates().hasSizeLessThanOrEqualTo(MONTHS);
        } else {
            assertThat(whole).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("queriesAboutATime")
    void a_question_about_a_time_touches_the_partitions_of_that_time_only(AuditorsQuery query) {
        Set<String> touched =
                scans(query).stream()
                        .map(Scan::relation)
                        .filter(relation -> relation.matches("(outcome|attempt|value)_.*"))
                        .collect(Collectors.toCollection(TreeSet::new));

        assertThat(touched)
                .allMatch(relation -> relation.endsWith(SUFFIX.format(lastMonth)))
                .hasSize(query.number().equals("10") ? 0 : 1);
    }

    /// One node of a plan that reads a table.
    private record Scan(String node, String relation) {
        boolean isOfThePast() {
            return relation.matches("(outcome|attempt)_p\\d{4}_\\d{2}")
                    && relation.compareTo(
                                    relation.substring(0, relation.indexOf("_p"))
                                            + SUFFIX.format(lastMonth))
                            <= 0;
        }
    }

    private static List<Scan> scans(AuditorsQuery query) {
        String plan =
                jdbc.sql("EXPLAIN (FORMAT JSON) " + query.text())
                        .params(
                                Map.of(
                                        "participant", "00000000-0000-0000-0008-000000000100",
                                        "conversation", "00000000-0000-0000-0007-000000000100",
                                        "attribute", "customer.tier",
                                        "person", "person 7",
                                        "run", 12L,
                                        "from", lastMonth.plusDays(2).toString(),
                                        "until", lastMonth.plusDays(3).toString()))
                        .query(String.class)
                        .single();
        List<Scan> scans = new ArrayList<>();
        collect(JsonMapper.shared().readTree(plan).get(0).get("Plan"), scans);
        return scans;
    }

    private static void collect(JsonNode node, List<Scan> scans) {
        if (node.has("Relation Name")) {
            scans.add(
                    new Scan(
                            node.get("Node Type").stringValue(),
                            node.get("Relation Name").stringValue()));
        }
        node.path("Plans").forEach(child -> collect(child, scans));
    }
}
