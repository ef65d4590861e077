package reconciler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The launcher in a tree of its own, with a `java` and a `mvn` that only say what they were asked.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class LauncherTest {
    private static final String JAVA =
            """
            #!/bin/sh
            case "$*" in
                *"extract --destination"*)
                    for unpacked; do :; done
                    mkdir -p "$unpacked/lib" && touch "$unpacked/lib/one.jar" "$unpacked/reconciler.jar" ;;
                *EmbeddedDatabase*) echo jdbc:postgresql:rehearsal; cat >/dev/null ;;
                *AOTCacheOutput*) exit 1 ;;
                *)
                    echo "java in $(pwd -P): $*"
                    echo "jobs: $RECONCILER_JOBS_DIR"
                    echo "stdin: $(cat)"
                    exit 42 ;;
            esac
            """;

    private static final String MVN =
            """
            #!/bin/sh
            echo "mvn in $(pwd -P)" | tee -a built.log
            cat
            mkdir -p target/demo && touch target/reconciler.jar target/demo/reconciler-demo.jar
            [ ! -f broken ]
            """;

    @TempDir Path directory;
    private Path root;
    private Path tree;
    private Path elsewhere;

    private record Ended(int code, String out, String err) {}

    @BeforeEach
    void lay_out() throws IOException {
        root = directory.toRealPath();
        tree = Files.createDirectories(root.resolve("a tree"));
        elsewhere = Files.createDirectories(root.resolve("elsewhere"));
        script(root.resolve("jdk/bin/java"), JAVA);
        script(root.resolve("jdk/bin/javac"), "");
        Files.writeString(root.resolve("jdk/release"), "JAVA_VERSION=\"25.0.3\"\n");
        script(root.resolve("bin/mvn"), MVN);
        script(tree.resolve("reconciler"), Files.readString(Path.of("reconciler")));
    }

    @Test
    void an_installed_jar_is_run_from_anywhere_and_through_links() throws IOException {
        Files.createFile(tree.resolve("reconciler.jar"));
        Files.createSymbolicLink(root.resolve("first"), Path.of("a tree/reconciler"));
        Files.createSymbolicLink(elsewhere.resolve("second"), Path.of("../first"));
        Ended ended = launch(elsewhere.resolve("second"), "run", "a job", "--quiet");
        assertThat(ended.code()).isEqualTo(42);
        assertThat(ended.err()).isEmpty();
        assertThat(ended.out())
                .startsWith("java in " + elsewhere + ": ")
                .contains("-jar " + tree.resolve("reconciler.jar") + " run a job --quiet\n")
                .contains("jobs: " + tree.resolve("jobs") + "\n")
                .endsWith("stdin: typed\n");
    }

    @Test
    void the_stand_ins_are_on_the_class_path_of_their_own_commands_alone() throws IOException {
        Path jar = Files.createFile(tree.resolve("reconciler.jar"));
        for (String command : List.of("demo", "simulator", "man", "completion")) {
            assertThat(launch(tree.resolve("reconciler"), command).out())
                    .contains("-cp " + jar + ":" + tree.resolve("demo") + "/* ")
                    .contains("reconciler.cli.Reconciler " + command + "\n");
        }
        assertThat(launch(tree.resolve("reconciler"), "status").out()).doesNotContain("demo");
    }

    @Test
    void a_tree_is_built_once_and_again_when_something_in_it_is_newer() throws IOException {
        Path source = sources();
        Ended first = launch(tree.resolve("reconciler"));
        assertThat(first.code()).isEqualTo(42);
        assertThat(first.out()).startsWith("java in ").endsWith("stdin: typed\n");
        assertThat(first.err()).contains("mvn in " + tree);
        assertThat(launch(tree.resolve("reconciler")).err()).isEmpty();
        assertThat(builds()).isEqualTo(1);

        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(60)));
        assertThat(launch(tree.resolve("reconciler")).code()).isEqualTo(42);
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void launchers_that_start_together_build_once() throws IOException {
        sources();
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            processes.add(start(tree.resolve("reconciler")));
        }
        assertThat(processes).extracting(process -> end(process).code()).containsOnly(42);
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void a_broken_tree_is_not_run() throws IOException {
        sources();
        Files.createFile(tree.resolve("broken"));
        Ended ended = launch(tree.resolve("reconciler"));
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).endsWith("reconciler: the build failed; nothing was run.\n");
    }

    @Test
    void what_is_missing_is_told() throws IOException {
        assertThat(launch(tree.resolve("reconciler")))
                .isEqualTo(
                        new Ended(
                                78,
                                "",
                                "reconciler: neither sources nor a reconciler.jar beside "
                                        + tree.resolve("reconciler")
                                        + ".\n"));
        sources();
        Files.delete(root.resolve("jdk/bin/javac"));
        assertThat(launch(tree.resolve("reconciler")).err())
                .isEqualTo(
                        "reconciler: "
                                + root.resolve("jdk")
                                + " has no javac: building needs a JDK 25, not only a runtime.\n");
    }

    private Path sources() throws IOException {
        Files.createDirectories(tree.resolve("src/main"));
        Files.createDirectories(tree.resolve("src/simulator"));
        Files.createDirectories(tree.resolve("db/migration"));
        Files.createFile(tree.resolve("pom.xml"));
        return Files.createFile(tree.resolve("src/main/Source.java"));
    }

    private long builds() throws IOException {
        return Files.readAllLines(tree.resolve("built.log")).size();
    }

    private Ended launch(Path launcher, String... arguments) throws IOException {
        return end(start(launcher, arguments));
    }

    private Process start(Path launcher, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).directory(elsewhere.toFile());
        builder.environment().put("JAVA_HOME", root.resolve("jdk").toString());
        builder.environment().compute("PATH", (_, path) -> root.resolve("bin") + ":" + path);
        builder.environment().remove("RECONCILER_JOBS_DIR");
        builder.environment().remove("RECONCILER_JAVA_OPTS");
        Process process = builder.start();
        try (var stdin = process.getOutputStream()) {
            stdin.write("typed".getBytes(StandardCharsets.UTF_8));
        }
        return process;
    }

    private static Ended end(Process process) {
        try (var out = process.getInputStream();
                var err = process.getErrorStream()) {
            String said = new String(out.readAllBytes(), StandardCharsets.UTF_8);
            String complained = new String(err.readAllBytes(), StandardCharsets.UTF_8);
            return new Ended(process.waitFor(), said, complained);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private static void script(Path path, String text) throws IOException {
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
