package reconciler.cli;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import reconciler.simulator.Simulator;
import reconciler.simulator.SimulatorSettings;

/// The conversations of the demo, and what goes wrong with some of them.
final class DemoWorld {
    private static final String TIER = "customer.tier";

    private DemoWorld() {}

    /// The simulator with `demo/participants.csv` in it.
    static Simulator start() {
        Simulator simulator =
                Simulator.start(SimulatorSettings.with().refusedNames(Set.of("ssn")).build());
        try (var people =
                CsvReader.builder()
                        .ofNamedCsvRecord(
                                new InputStreamReader(
                                        open("participants.csv"), StandardCharsets.UTF_8))) {
            people.forEach(person -> admit(simulator, person));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return simulator;
    }

    static InputStream open(String name) {
        return Objects.requireNonNull(DemoWorld.class.getResourceAsStream("/demo/" + name), name);
    }

    static String text(String name) {
        try (InputStream stream = open(name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void admit(Simulator simulator, NamedCsvRecord person) {
        simulator
                .conversations()
                .add(
                        person.getField("conversation_id"),
                        person.getField("participant_id"),
                        person.getField("purpose"),
                        Map.of(TIER, person.getField(TIER)));
        if (!person.getField("fault").isEmpty()) {
            simulator
                    .faults()
                    .add(
                            person.getField("fault")
                                    + " participant="
                                    + person.getField("participant_id"));
        }
    }
}
