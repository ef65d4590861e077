package reconciler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.run.Installed;

/// The launcher as cron starts it, with nothing in its environment but what is said here. Bytes go
/// by a shell: the JVM of this test may have no locale either.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class NoLocaleTest {
    @TempDir private Path folder;
    private Desk desk;
    private JdbcClient jdbc;

    private record Ended(int exit, String out, String err) {}

    @BeforeEach
    void open() throws IOException {
        desk = new Desk(folder);
        jdbc = JdbcClient.create(desk.database.dataSource());
        Installed.launcherIn(folder);
    }

    @AfterEach
    void close() {
        desk.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "LC_ALL=C ", "LANG=POSIX ", "LANG=de_DE.ISO-8859-1 ", "LC_ALL=xx_XX "})
    void arguments_file_names_and_output_are_utf_8_whatever_the_locale(String locale)
            throws Exception {
        var order = desk.order();
        desk.write(
                "changes.csv",
                """
                conversation_id,participant_id,participant_role,attribute_name,attribute_value
                %s,%s,contact,größe,süß →
                """
                        .formatted(order.conversation(), order.participant()));

        Ended queued =
                shell(
                        locale,
                        """
                        mv changes.csv "$(printf 'j\\303\\266rg.csv')"
                        ./reconciler queue "$(printf 'j\\303\\266rg.csv')" --by "$(printf 'j\\303\\266rg')" \
                            --reason "$(printf 'f\\303\\274r M\\303\\274ller')"
                        """);
        assertThat(queued.exit()).as(queued.err()).isZero();
        assertThat(
                        jdbc.sql(
                                        "SELECT s.requested_by, s.reason, s.source_name FROM reconciler.change_set s")
                                .query()
                                .singleRow())
                .isEqualTo(
                        Map.of(
                                "requested_by",
                                "jörg",
                                "reason",
                                "für Müller",
                                "source_name",
                                "jörg.csv"));
        Ended told = shell(locale, "./reconciler explain 1 --job quick\n");
        assertThat(told.exit()).as(told.err()).isZero();
        assertThat(told.out()).contains("queued by jörg", "größe", "für Müller");
    }

    @Test
    void what_is_not_utf_8_is_refused() throws Exception {
        Ended argument =
                shell("", "./reconciler cancel 1 --reason \"$(printf 'f\\374r M\\374ller')\"\n");
        assertThat(argument.exit()).isEqualTo(64);
        assertThat(argument.err()).contains("an argument is not UTF-8");

        Ended setting =
                shell(
                        "",
                        "RECONCILER_DB_PASSWORD=\"$(printf 'p\\344')\" ./reconciler status --job quick\n");
        assertThat(setting.exit()).as(setting.err()).isEqualTo(78);
        assertThat(setting.err()).contains("RECONCILER_DB_PASSWORD is not UTF-8");
    }

    /// `env -i`, and what no cron can do without.
    private Ended shell(String locale, String script) throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("job.sh"), script);
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "env",
                                "-i",
                                "PATH=/usr/bin:/bin",
                                "HOME=/",
                                "JAVA_HOME=" + System.getProperty("java.home")));
        for (String variable :
                List.of(
                        "RECONCILER_DB_URL",
                        "RECONCILER_DB_USER",
                        "RECONCILER_API_BASE_URL",
                        "RECONCILER_API_CLIENT_ID",
                        "RECONCILER_API_CLIENT_SECRET",
                        "RECONCILER_JOBS_DIR")) {
            command.add(variable + "=" + desk.environment(variable));
        }
        if (!locale.isBlank()) {
            command.add(locale.strip());
        }
        command.addAll(List.of("sh", "-e", file.toString()));
        Path out = folder.resolve("out.txt");
        Path err = folder.resolve("err.txt");
        Process process =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile())
                        .start();
        int exit = process.waitFor();
        return new Ended(
                exit,
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }
}
