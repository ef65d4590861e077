package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.change.ChangeState;
import reconciler.simulator.AppliedWrite;
import reconciler.simulator.SeenRequest;

/// Holds three books against each other that know nothing of each other: the API's own ledger, the
/// queue, and the audit tables. Rows for one attribute of one participant have to have different
/// values, so that a value in the ledger says which row it came from.
final class ThreeBooks {
    private static final String ROWS =
            """
            SELECT c.id, c.conversation_id::text, c.participant_id::text, c.attribute_name, c.attribute_value, c.state,
                   coalesce(bool_or(o.in_doubt), c.in_doubt) AS in_doubt, count(o.outcome_id) AS outcomes,
                   max(o.status) AS status, coalesce(max(o.attempts), c.attempts) AS attempts
              FROM reconciler.attribute_change c LEFT JOIN audit.outcome o ON o.change_id = c.id
             WHERE c.requested_by <> 'before'
             GROUP BY c.id ORDER BY c.id
            """;

    private static final String NO_ANSWER = " 0";

    private final Scenario scenario;
    private final List<Row> rows;

    private ThreeBooks(Scenario scenario) {
        this.scenario = scenario;
        this.rows =
                scenario.jdbc
                        .sql(ROWS)
                        .query((row, _) ->
                                new Row(
                                        row.getLong("id"),
                                        new Key(
                                                row.getString("conversation_id"),
                                                row.getString("participant_id"),
                                                row.getString("attribute_name")),
                                        row.getString("attribute_value"),
                                        ChangeState.valueOf(row.getString("state")),
                                        row.getBoolean("in_doubt"),
                                        row.getInt("outcomes"),
                                        row.getString("status"),
                                        row.getInt("attempts")))
                        .list();
    }

    private record Key(String conversation, String participant, String attribute) {}

    private record Row(
            long id,
            Key key,
            String value,
            ChangeState state,
            boolean inDoubt,
            int outcomes,
            @Nullable String status,
            int attempts) {}

    private record Write(Key key, String value) {}

    /// When no run is under way.
    static ThreeBooks of(Scenario scenario) {
        return new ThreeBooks(scenario);
    }

    void agree() {
        agreeOnOutcomes();
        agreeOnRequests();
    }

    /// The same when runs were killed, or answers were lost on their way: an attempt that says that
    /// no answer was written down may stand for a request that was answered, and for none.
    void agreeAfterTrouble() {
        agreeAfterFailovers(List.of());
    }

    /// The same when a database took the place of another that had more.
    ///
    /// @param lost attempts that are on record there, as [#attempts] has them
    /// @return how many requests are on record there alone
    int agreeAfterFailovers(List<String> lost) {
        agreeOnOutcomes();
        return everyRequestIsOnRecord(lost);
    }

    private void agreeOnOutcomes() {
        everyRowIsTerminalOrPending();
        everyOutcomeHasARow();
        rows.stream().collect(Collectors.groupingBy(Row::key)).forEach(this::theLedgerBearsOut);
        neverTwoRequestsForOneParticipant();
    }

    private void agreeOnRequests() {
        assertThat(attempts())
                .as("one attempt row for each request on the wire")
                .containsExactlyInAnyOrderElementsOf(requests());
    }

    private int everyRequestIsOnRecord(List<String> lost) {
        List<String> unmatched = requests();
        List<String> unanswered = new ArrayList<>();
        List<String> invented = new ArrayList<>();
        for (String attempt : attempts()) {
            if (!unmatched.remove(attempt)) {
                (attempt.endsWith(NO_ANSWER) ? unanswered : invented).add(attempt);
            }
        }
        assertThat(invented).as("answers on record that the API never gave").isEmpty();
        unmatched.removeIf(request ->
                unanswered.remove(request.substring(0, request.lastIndexOf(' ')) + NO_ANSWER));
        List<String> elsewhere = new ArrayList<>(lost);
        int before = unmatched.size();
        unmatched.removeIf(request ->
                elsewhere.remove(request)
                        || elsewhere.remove(
                                request.substring(0, request.lastIndexOf(' ')) + NO_ANSWER));
        assertThat(unmatched).as("requests on the wire without an attempt row").isEmpty();
        return before - unmatched.size();
    }

    /// How often a value took effect again after it already had. Every row that it happened to says
    /// that it was sent more than once, or was in doubt.
    long repeats() {
        Map<Write, Long> times =
                scenario.simulator.ledger().writes().stream()
                        .flatMap(write ->
                                write.attributes().entrySet().stream()
                                        .map(entry ->
                                                new Write(
                                                        new Key(
                                                                write.conversationId(),
                                                                write.participantId(),
                                                                entry.getKey()),
                                                        entry.getValue())))
                        .collect(Collectors.groupingBy(write -> write, Collectors.counting()));
        times.values().removeIf(count -> count == 1);
        Map<Write, Row> byWrite =
                rows.stream()
                        .collect(
                                Collectors.toMap(
                                        row -> new Write(row.key(), row.value()), row -> row));
        assertThat(times.keySet().stream().map(byWrite::get))
                .as("repeats are flagged")
                .allMatch(row -> row.inDoubt() || row.attempts() > 1);
        return times.values().stream().mapToLong(count -> count - 1).sum();
    }

    private void everyRowIsTerminalOrPending() {
        for (Row row : rows) {
            assertThat(row)
                    .as("exactly one terminal outcome, or pending: %s", row)
                    .satisfiesAnyOf(
                            pending ->
                                    assertThat(pending.state() == ChangeState.PENDING)
                                            .isEqualTo(pending.outcomes() == 0)
                                            .isTrue(),
                            settled ->
                                    assertThat(
                                                    settled.state().isTerminal()
                                                            && settled.outcomes() == 1
                                                            && settled.state()
                                                                    .name()
                                                                    .equals(settled.status()))
                                            .isTrue());
        }
    }

    private void everyOutcomeHasARow() {
        assertThat(
                        scenario.count(
                                """
                                SELECT count(*) FROM audit.outcome o WHERE NOT EXISTS (
                                    SELECT FROM reconciler.attribute_change c WHERE c.id = o.change_id)
                                """))
                .isZero();
    }

    private void theLedgerBearsOut(Key key, List<Row> ofKey) {
        Map<String, Row> byValue = ofKey.stream().collect(Collectors.toMap(Row::value, row -> row));
        List<Row> written =
                scenario.simulator.ledger().writesTo(key.conversation(), key.participant()).stream()
                        .map(AppliedWrite::attributes)
                        .filter(attributes -> attributes.containsKey(key.attribute()))
                        .map(attributes -> byValue.get(attributes.get(key.attribute())))
                        .toList();
        List<Row> applied =
                ofKey.stream().filter(row -> row.state() == ChangeState.APPLIED).toList();
        assertThat(written)
                .as("values of %s in the ledger, in the order of their rows", key)
                .doesNotContainNull()
                .containsAll(applied)
                .isSortedAccordingTo((one, other) -> Long.compare(one.id(), other.id()));
        assertThat(written)
                .as("what took effect is applied, or in doubt")
                .allMatch(row -> row.state() == ChangeState.APPLIED || row.inDoubt());
        if (!applied.isEmpty()) {
            assertThat(written.getLast().id())
                    .as("the newest applied value of %s is in force", key)
                    .isGreaterThanOrEqualTo(applied.getLast().id());
            assertThat(
                            scenario.simulator
                                    .conversations()
                                    .value(key.conversation(), key.participant(), key.attribute()))
                    .contains(written.getLast().value());
        }
    }

    private void neverTwoRequestsForOneParticipant() {
        assertThat(scenario.simulator.ledger().totals().mostInFlight())
                .as("requests for one participant at once")
                .isLessThanOrEqualTo(1);
    }

    private List<String> requests() {
        return requests(scenario).stream()
                .map(request -> request.method() + " " + request.path() + " " + request.status())
                .collect(Collectors.toCollection(ArrayList::new));
    }

    /// What arrived at the API, tokens left out.
    static List<SeenRequest> requests(Scenario scenario) {
        return scenario.simulator.ledger().requests().stream()
                .filter(request -> !request.path().equals("/oauth/token"))
                .toList();
    }

    private List<String> attempts() {
        return attempts(scenario.jdbc);
    }

    private static List<String> attempts(JdbcClient jdbc) {
        return jdbc.sql(
                        """
                        SELECT method || ' ' || path || ' ' || coalesce(http_status, 0) FROM audit.v_attempt
                         WHERE purpose <> 'TOKEN'
                        """)
                .query(String.class)
                .list();
    }

    /// What a database knows of requests beyond another one: attempts, and intents without an
    /// answer.
    ///
    /// @param more of the one that was left behind
    /// @param less of the one that took its place
    static List<String> recordedOnlyBy(JdbcClient more, JdbcClient less) {
        List<String> only = new ArrayList<>(known(more));
        known(less).forEach(only::remove);
        return only;
    }

    private static List<String> known(JdbcClient jdbc) {
        List<String> known = new ArrayList<>(attempts(jdbc));
        known.addAll(
                jdbc.sql(
                                "SELECT unnest(methods) || ' ' || unnest(paths) || '"
                                        + NO_ANSWER
                                        + "' FROM reconciler.intent")
                        .query(String.class)
                        .list());
        return known;
    }
}
