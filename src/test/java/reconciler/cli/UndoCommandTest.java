package reconciler.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.audit.Erasure;
import reconciler.patch.ApiSettings;
import reconciler.plan.Undo;
import reconciler.plan.UndoVerdict;
import reconciler.queue.ErasedMeanwhile;
import reconciler.run.JobFile;
import reconciler.run.StopSignal;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class UndoCommandTest {
    @TempDir private Path folder;

    /// Somebody thinks about it for a while, and the values are gone by then.
    @Test
    void what_was_erased_after_the_look_is_not_emptied_instead() {
        try (var desk = new Desk(folder)) {
            long set = desk.orders.set();
            UUID kept = setsGoldIn(desk, set);
            UUID erased = setsGoldIn(desk, set);
            assertThat(desk.says("run", "quick", "--quiet").exit()).isZero();
            var undo = new Undo(desk.database.dataSource(), api(desk), desk.looker());
            Undo.Report report = look(undo, set);
            assertThat(report.counts()).isEqualTo(Map.of(UndoVerdict.TAKEN_BACK, 2L));

            new Erasure(desk.database.dataSource()).erase(erased, "kim", "asked for");

            assertThatExceptionOfType(ErasedMeanwhile.class)
                    .isThrownBy(() -> undo.queue(report, "kim", null))
                    .withMessageStartingWith("the values of 1 of 2 changes were erased");
            assertThat(pending(desk)).isEmpty();

            undo.queue(look(undo, set), "kim", null);

            assertThat(pending(desk)).isEqualTo(Map.of(kept, "silver"));
        }
    }

    private static UUID setsGoldIn(Desk desk, long set) {
        var order = desk.orders.order().setting("tier", "gold").inSet(set);
        desk.simulator
                .conversations()
                .add(
                        order.conversation().toString(),
                        order.participant().toString(),
                        "customer",
                        Map.of("tier", "silver"));
        order.queue();
        return order.participant();
    }

    private static ApiSettings api(Desk desk) {
        return ApiSettings.of(
                Map.of(
                                "RECONCILER_API_BASE_URL", desk.simulator.uri().toString(),
                                "RECONCILER_API_CLIENT_ID", "demo",
                                "RECONCILER_API_CLIENT_SECRET", "demo-secret")
                        ::get);
    }

    private static Undo.Report look(Undo undo, long set) {
        return undo.look(
                JobFile.parse("quick.yml", "job: quick\nrate: {per-minute: 1000000}\n"),
                set,
                new StopSignal());
    }

    private static Map<UUID, String> pending(Desk desk) {
        return JdbcClient.create(desk.database.dataSource())
                .sql(
                        "SELECT participant_id, attribute_value FROM reconciler.attribute_change WHERE state = 'PENDING'")
                .query((row, _) ->
                        Map.entry(
                                row.getObject("participant_id", UUID.class),
                                row.getString("attribute_value")))
                .list()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
