package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reconciler.queue.Orders.Order;

/// Rows that mean harm travel unchanged or are refused with a reason; nothing in them is ever
/// interpreted. What arrived is asked of the API's own books.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class HostileRowsTest {
    private static final List<String> HOSTILE =
            List.of(
                    "",
                    " ",
                    "null",
                    "\t\b\f\r\n\u0001\u001b[2J\u007f\u0085",
                    "say \"hello\", 'good' \\ bye \\u0000",
                    "\"}, \"type\": \"agent\", \"participantAttributes\": {\"a\": \"",
                    "{\"$ref\": \"#\"}",
                    "'; DROP TABLE reconciler.attribute_change; --",
                    "${jndi:ldap://127.0.0.1/a} #{7*7} {{7*7}} %s %n :name ?",
                    "../../../../etc/passwd",
                    "\ud83d\ude00 \ud83c\uddea\ud83c\uddfa \ud840\udc00",
                    "\u202eevitavele \u202c\u2066\u05e9\u05dc\u05d5\u05dd\u2069 \u200f",
                    "e\u0301 \u200b\ufeff \ufffe \uffff \ufdd0",
                    "\u2028\u2029",
                    "<script>alert(1)</script>",
                    "=cmd|'/c calc'!A1",
                    "-----BEGIN CERTIFICATE-----\r\n\r\nHTTP/1.1 200 OK\r\n\r\n");

    @TempDir private Path directory;

    @Test
    void hostile_values_and_names_inserted_by_sql_arrive_unchanged() {
        try (var scenario = new Scenario()) {
            List<Order> orders = new ArrayList<>();
            for (String hostile : HOSTILE) {
                orders.add(scenario.order().setting("value", hostile));
                if (!hostile.isBlank()) {
                    orders.add(scenario.order().setting(hostile, "under a hostile name"));
                }
            }
            orders.forEach(Order::queue);

            RunReport report = scenario.run();

            assertThat(report.total().notApplied()).isZero();
            assertThat(orders)
                    .allSatisfy(order ->
                            assertThat(scenario.value(order, order.name()))
                                    .isEqualTo(order.value()));
            ThreeBooks.of(scenario).agree();
        }
    }

    @Test
    void they_are_compared_with_what_is_there_exactly_and_stay_exact_in_the_audit() {
        try (var scenario = new Scenario()) {
            for (String hostile : HOSTILE) {
                Order order = scenario.order().setting("value", hostile);
                scenario.exists(
                        order.conversation(),
                        order.participant(),
                        "customer",
                        Map.of("value", hostile));
                order.queue();
            }

            RunReport report = scenario.run("before-image: read");

            assertThat(report.statistics().requests()).isEqualTo(HOSTILE.size());
            assertThat(
                            scenario.jdbc
                                    .sql(
                                            """
                                            SELECT requested_value FROM audit.v_outcome
                                             WHERE status = 'UNCHANGED' ORDER BY change_id
                                            """)
                                    .query((row, _) -> row.getString(1))
                                    .list())
                    .isEqualTo(HOSTILE);
        }
    }

    @Test
    void hostile_values_from_a_file_arrive_unchanged() throws Exception {
        try (var scenario = new Scenario()) {
            List<Order> orders = new ArrayList<>();
            var file =
                    new StringBuilder(
                            "conversation_id,participant_id,participant_role,attribute_name,attribute_value\r\n");
            for (String hostile : HOSTILE.subList(1, HOSTILE.size())) {
                Order order = scenario.order().setting("value", hostile);
                orders.add(order);
                file.append(order.conversation())
                        .append(',')
                        .append(order.participant())
                        .append(",contact,value,\"")
                        .append(hostile.replace("\"", "\"\""))
                        .append("\"\r\n");
            }
            Path csv = directory.resolve("hostile.csv");
            Files.writeString(csv, file, StandardCharsets.UTF_8);
            Installed installed = Installed.in(directory, scenario);

            Installed.Ended queued = installed.says("queue", csv.toString(), "--reason", "test");
            Installed.Ended run = installed.says("run", "quick");

            assertThat(queued.exit()).as(queued.err()).isZero();
            assertThat(run.exit()).as(run.err()).isZero();
            assertThat(orders)
                    .allSatisfy(order ->
                            assertThat(scenario.value(order, "value")).isEqualTo(order.value()));
            ThreeBooks.of(scenario).agree();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {511_000, 511_870})
    void a_value_just_below_the_limit_of_a_request_arrives(int length) {
        try (var scenario = new Scenario(settings -> settings.valueLength(600_000))) {
            Order order = scenario.order().setting("a", "x".repeat(length));
            order.queue();

            assertThat(scenario.run().exitCode()).isEqualTo(ExitCode.OK);
            assertThat(scenario.value(order, "a")).hasSize(length);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "\"", "\u0001", "\ud83d\ude00"})
    void a_value_above_it_is_refused_with_the_reason_and_not_sent(String letter) {
        try (var scenario = new Scenario()) {
            int bytes = letter.getBytes(StandardCharsets.UTF_8).length;
            long change = scenario.order().setting("a", letter.repeat(512_000 / bytes)).queue();

            assertThat(scenario.run().exitCode()).isEqualTo(ExitCode.NOT_APPLIED);
            assertThat(scenario.outcome(change))
                    .containsEntry("status", "REJECTED")
                    .containsEntry("error_code", "request.entity.too.large");
            assertThat(ThreeBooks.requests(scenario)).isEmpty();
        }
    }

    /// The database itself refuses what is no text.
    @ParameterizedTest
    @ValueSource(strings = {"\\x00", "\\xeda080", "\\xff", "\\xc0af"})
    void what_is_no_text_never_gets_into_the_queue(String bytes) {
        try (var scenario = new Scenario()) {
            assertThatThrownBy(() ->
                            scenario.jdbc
                                    .sql(
                                            """
                                            INSERT INTO reconciler.attribute_change
                                            VALUES (gen_random_uuid(), gen_random_uuid(), 'contact', 'a',
                                                    convert_from(:bytes::bytea, 'UTF8'), 'kim')
                                            """)
                                    .param("bytes", bytes)
                                    .update())
                    .rootCause()
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            refused -> assertThat(refused.getSQLState()).isEqualTo("22021"));
        }
    }

    /// Paths are made of checked UUIDs: the column's type is the check.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../v2/users",
                "3044f11e-3f15-43aa-b8b1-821a1894b951/../..",
                "3044f11e-3f15-43aa-b8b1-821a1894b951?x=1",
                "%2e%2e%2f",
                ""
            })
    void an_id_that_looks_like_a_path_never_gets_into_the_queue(String id) throws SQLException {
        try (var scenario = new Scenario();
                Connection connection = scenario.database.dataSource().getConnection();
                var insert =
                        connection.prepareStatement(
                                """
                                INSERT INTO reconciler.attribute_change
                                VALUES (?::uuid, gen_random_uuid(), 'contact', 'a', 'b', 'kim')
                                """)) {
            insert.setString(1, id);
            assertThatThrownBy(insert::execute)
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            refused -> assertThat(refused.getSQLState()).isEqualTo("22P02"));
        }
    }
}
