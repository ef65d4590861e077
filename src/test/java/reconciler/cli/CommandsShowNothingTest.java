package reconciler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import reconciler.queue.Orders.Order;

/// Every command that prints or logs, with values and secrets that would be recognised anywhere and
/// every log line on: values are in the answers of commands that are asked for them, and secrets
/// nowhere.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class CommandsShowNothingTest {
    private static final String VALUE = "canary-value-c0de";
    private static final String SECRET = "demo-secret";
    private static final String PASSWORD = "canary-password-55de";

    /// Commands whose answer is about values.
    private static final Set<String> SHOW_VALUES =
            Set.of("outcomes", "explain", "probe", "plan", "verify", "undo");

    @TempDir private Path folder;

    private final Map<String, Integer> exits = new HashMap<>();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final List<Order> orders = new ArrayList<>();
    private Desk desk;

    @BeforeEach
    void open() {
        desk = new Desk(folder).with("RECONCILER_DB_PASSWORD", PASSWORD);
        desk.write("quick.yml", "job: quick\nrate: {per-minute: 1000000}\nbefore-image: read\n");
        for (int i = 0; i < 3; i++) {
            Order order = desk.order();
            desk.simulator
                    .conversations()
                    .add(
                            order.conversation().toString(),
                            order.participant().toString(),
                            "customer",
                            Map.of("tier", VALUE + "-before"));
            orders.add(order);
        }
        log.start();
        ours().setLevel(Level.TRACE);
        ours().addAppender(log);
    }

    @AfterEach
    void close() {
        ours().detachAppender(log);
        ours().setLevel(null);
        desk.close();
    }

    private static Logger ours() {
        return (Logger) LoggerFactory.getLogger("reconciler");
    }

    @Test
    void whatever_is_asked_values_and_secrets_are_where_they_belong() {
        intake();
        beforeTheRun();
        say("run", "quick");
        afterTheRun();
        audit();
        failures();

        assertThat(exits)
                .as("what worked, so that there was something to show")
                .containsAllEntriesOf(
                        Map.of(
                                "queue",
                                0,
                                "plan",
                                0,
                                "probe",
                                0,
                                "run",
                                0,
                                "outcomes",
                                0,
                                "explain",
                                0,
                                "verify",
                                3,
                                "undo",
                                2,
                                "audit export",
                                0,
                                "audit erase",
                                0));
    }

    private void intake() {
        var lines =
                new StringBuilder(
                        "conversation_id,participant_id,participant_role,attribute_name,attribute_value\n");
        for (Order order : orders) {
            lines.append(
                    "%s,%s,contact,tier,%s%n"
                            .formatted(order.conversation(), order.participant(), VALUE));
        }
        String file = desk.write("changes.csv", lines.toString()).toString();
        String bad =
                desk.write("bad.csv", lines + "nonsense,x,CONTACT,," + VALUE + "\n,\"" + VALUE)
                        .toString();
        say("validate", bad);
        say("queue", bad, "--partial");
        say("queue", file, "--reason", "test");
        say("queue", file);
    }

    private void beforeTheRun() {
        say("plan", "1", "--job", "quick");
        say("approve", "1", "--comment", "fine");
        say("reject", "1", "--comment", "no");
        say("pause", "1", "--reason", "looked at");
        say("status");
        say("unpause", "1");
        say("run", "quick", "--dry-run");
        say("probe", "1", "--job", "quick");
        say("serve");
    }

    private void afterTheRun() {
        say("status");
        say("explain", "1");
        say("outcomes", "-o", "jsonl");
        desk.simulator
                .conversations()
                .add(
                        orders.getFirst().conversation().toString(),
                        orders.getFirst().participant().toString(),
                        "customer",
                        Map.of("tier", VALUE + "-drifted"));
        say("verify", "1", "--job", "quick");
        say("undo", "1", "--job", "quick");
        say("redrive", "--run", "1", "--reason", "again", "--dry-run");
        say("cancel", "1", "--reason", "too late");
        say("stop");
        say("resume");
    }

    private void audit() {
        say("audit", "verify");
        say("audit", "export", folder.resolve("pack.zip").toString(), "--run", "1");
        say("audit", "retain", "--outcomes", "84", "--values", "6");
        say(
                "audit",
                "erase",
                "--participant",
                orders.getLast().participant().toString(),
                "--reason",
                "asked for");
    }

    /// With everything at hand that could be shown.
    private void failures() {
        orders.getFirst().setting("tier", VALUE + "-again").queue();
        desk.with("RECONCILER_API_CLIENT_ID", "somebody");
        say("doctor");
        say("run", "quick");
        say("plan", "--job", "quick");
        say("run", "no-such-job");
        say("run", "--secret", "x");
        desk.with("RECONCILER_DB_URL", "jdbc:postgresql://127.0.0.1:1/x?password=" + PASSWORD);
        say("status");
        say("audit", "verify");
    }

    private void say(String... command) {
        log.list.clear();
        Desk.Said said = desk.says(command);
        String name = command[0].equals("audit") ? command[0] + " " + command[1] : command[0];
        exits.merge(name, said.exit(), Math::min);
        String line = String.join(" ", command);
        String beside = said.err() + logged();
        assertThat(said.out() + beside).as(line).doesNotContain(SECRET, PASSWORD);
        assertThat(beside).as(line).doesNotContain(VALUE);
        if (!SHOW_VALUES.contains(command[0])) {
            assertThat(said.out()).as(line).doesNotContain(VALUE);
        }
    }

    private String logged() {
        return log.list.stream()
                .map(event ->
                        event.getFormattedMessage()
                                + ThrowableProxyUtil.asString(event.getThrowableProxy()))
                .collect(Collectors.joining("\n"));
    }
}
