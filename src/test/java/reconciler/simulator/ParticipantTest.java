package reconciler.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ParticipantTest {

    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final int WRITERS = 8;
    private static final int WRITES = 400;

    private final Participant participant =
            new Participant(new Address("c", "p"), "customer", Map.of());
    private final List<Map<String, String>> entries = new ArrayList<>();

    @Test
    void no_write_is_lost_and_the_entries_are_in_the_order_of_the_writes() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(WRITERS)) {
            List<Callable<Integer>> writers = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                int number = writer;
                writers.add(() -> write(number));
            }
            for (Future<Integer> written : threads.invokeAll(writers)) {
                assertThat(written.get()).isEqualTo(WRITES);
            }
        }

        Map<String, String> replayed = new LinkedHashMap<>();
        entries.forEach(replayed::putAll);
        assertThat(entries).hasSize(WRITERS * WRITES);
        assertThat(participant.attributes()).isEqualTo(replayed).hasSize(WRITERS * 20 + 1);
    }

    private int write(int writer) {
        for (int i = 0; i < WRITES; i++) {
            Map<String, String> changes =
                    Map.of(
                            "own-%d-%d".formatted(writer, i % 20),
                            "v" + i,
                            "shared",
                            writer + "-" + i);
            participant.apply(
                    changes, Behaviour.Merge.BY_KEY, NOW, NOW, () -> entries.add(changes));
        }
        return WRITES;
    }
}
