package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reconciler.Eventually;
import reconciler.fault.FaultProxy;
import reconciler.fault.Trap;
import reconciler.queue.Orders;
import reconciler.queue.RedriveFilter;

/// What an atomic set asks of a participant is applied all or not at all, through whole runs.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class AllOrNothingTest {
    private static final String SMALL_PAGES = "partitions: {per-role: 1, chunk: 2}";

    @TempDir private Path directory;

    @Test
    void one_refused_attribute_costs_its_group_and_no_other() {
        try (var scenario = new Scenario(settings -> settings.refusedNames(Set.of("ssn")))) {
            long set = scenario.orders.atomicSet();
            Orders.Order good = scenario.order().inSet(set);
            Orders.Order bad = scenario.order().inSet(set);
            scenario.orders.queueTogether(
                    good, attributes("skill", "a", "level", "2", "lang", "en"));
            List<Long> refused =
                    scenario.orders.queueTogether(
                            bad, attributes("skill", "a", "ssn", "1", "lang", "en"));

            scenario.run(SMALL_PAGES);

            assertThat(scenario.value(good, "lang")).isEqualTo("en");
            assertThat(scenario.value(bad, "skill")).isEmpty();
            assertThat(refused)
                    .map(scenario::outcome)
                    .extracting(row -> row.get("status"), row -> row.get("error_code"))
                    .containsExactly(
                            tuple("REJECTED", "atomic.refused"),
                            tuple("REJECTED", "invalid.attribute"),
                            tuple("REJECTED", "atomic.refused"));
            assertThat(scenario.count("SELECT count(*) FROM audit.attempt WHERE method = 'PATCH'"))
                    .as("one request for each group")
                    .isEqualTo(2);
            ThreeBooks.of(scenario).agree();

            var steering = new Steering(scenario.database.dataSource());
            var named = new RedriveFilter(1L, null, RedriveFilter.POSSIBLE, "invalid.attribute", 1);
            assertThat(steering.redrive(named, "run 1", new Steering.Order("kim", null)).rows())
                    .as("the group of the one that was asked for, whatever the limit")
                    .isEqualTo(3);
            assertThat(
                            scenario.count(
                                    "SELECT count(*) FROM reconciler.attribute_change WHERE atomic_group = "
                                            + set
                                            + " AND redrives IS NOT NULL AND change_set_id <> "
                                            + set))
                    .isEqualTo(3);
        }
    }

    @Test
    void a_run_that_is_killed_with_a_group_on_the_wire_leaves_it_whole() {
        try (var scenario = new Scenario();
                var api =
                        new FaultProxy(
                                new InetSocketAddress(
                                        scenario.simulator.uri().getHost(),
                                        scenario.simulator.uri().getPort()))) {
            Orders.Order order = scenario.order().inSet(scenario.orders.atomicSet());
            List<Long> group =
                    scenario.orders.queueTogether(
                            order, attributes("skill", "a", "level", "2", "lang", "en"));
            Trap trap = Trap.beforeTheAnswer(1, "PATCH /api");
            api.set(trap);
            try (var process =
                    OneProcess.run(
                            scenario,
                            directory,
                            List.of(),
                            Map.of("RECONCILER_API_BASE_URL", "http://127.0.0.1:" + api.port()),
                            List.of(),
                            SMALL_PAGES)) {
                Eventually.holds(
                        "the group is on the wire", () -> trap.isSprung() || !process.isAlive());
                assertThat(process.isAlive()).as(process.said()).isTrue();
                process.kill();
            }
            scenario.expireTheLease();

            RunReport report = scenario.run(SMALL_PAGES);

            assertThat(report.recovery()).contains("3 of them in doubt");
            assertThat(group)
                    .map(scenario::outcome)
                    .extracting(row -> row.get("status"), row -> row.get("confirmed_by"))
                    .containsOnly(tuple("APPLIED", "read-back"));
            assertThat(scenario.simulator.ledger().writes()).as("nothing is repeated").hasSize(1);
            ThreeBooks.of(scenario).agreeAfterTrouble();
        }
    }

    private static Map<String, String> attributes(String... namesAndValues) {
        var attributes = new LinkedHashMap<String, String>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            attributes.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return attributes;
    }
}
