package reconciler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reconciler.database.DatabaseSettings;
import reconciler.embedded.OwnServer;

/// A server that follows another one: it may become a primary, so what wants to write may try
/// again.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class StandbyTest {
    @TempDir private Path folder;
    @TempDir private Path data;

    @Test
    void what_writes_ends_with_69_and_says_why_and_what_reads_works() throws Exception {
        try (OwnServer primary = OwnServer.start(data)) {
            primary.freshDatabase("followed");
        }
        Files.createFile(data.resolve("standby.signal"));
        try (OwnServer standby = OwnServer.start(data);
                Desk desk = new Desk(folder)) {
            DatabaseSettings settings = standby.database("followed");
            desk.with("RECONCILER_DB_URL", settings.url());

            for (String[] writes :
                    new String[][] {
                        {"run", "quick"},
                        {"pause", "--all", "--reason", "tried"}
                    }) {
                assertThat(desk.says(writes))
                        .satisfies(said -> assertThat(said.exit()).as(said.err()).isEqualTo(69))
                        .satisfies(said ->
                                assertThat(said.err())
                                        .contains("is a standby", "targetServerType=primary"));
            }
            assertThat(desk.says("doctor", "-o", "jsonl"))
                    .satisfies(said -> assertThat(said.exit()).isEqualTo(69))
                    .satisfies(said -> assertThat(said.out()).contains("WRONG", "is a standby"));
            for (String[] reads :
                    new String[][] {
                        {"status", "--job", "quick"}, {"outcomes"}, {"audit", "verify"}, {"sets"}
                    }) {
                assertThat(desk.says(reads))
                        .satisfies(said -> assertThat(said.exit()).as(said.err()).isZero());
            }
            desk.with("RECONCILER_DB_URL", settings.url() + "&targetServerType=primary");
            assertThat(desk.says("status").exit()).isEqualTo(69);
        }
    }
}
