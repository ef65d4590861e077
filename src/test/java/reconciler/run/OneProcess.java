package reconciler.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The product in a process of its own: a JVM that can be killed.
final class OneProcess implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 90;

    private final Process process;
    private final Path output;

    private OneProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /// `reconciler run quick` on the parts of a scenario.
    ///
    /// @param directory for its job file and its output
    static OneProcess run(Scenario scenario, Path directory, List<String> jvm, String... jobLines) {
        return run(scenario, directory, jvm, Map.of(), List.of(), jobLines);
    }

    /// The same with other settings and options.
    static OneProcess run(
            Scenario scenario,
            Path directory,
            List<String> jvm,
            Map<String, String> settings,
            List<String> options,
            String... jobLines) {
        var command = new ArrayList<>(List.of("run", "quick"));
        command.addAll(options);
        return start(scenario, directory, jvm, settings, command, jobLines);
    }

    /// `reconciler serve` with this job alone.
    static OneProcess serve(Scenario scenario, Path directory, String... jobLines) {
        return start(scenario, directory, List.of(), Map.of(), List.of("serve"), jobLines);
    }

    /// The same with other settings.
    static OneProcess serve(
            Scenario scenario, Path directory, Map<String, String> settings, String... jobLines) {
        return start(scenario, directory, List.of(), settings, List.of("serve"), jobLines);
    }

    private static OneProcess start(
            Scenario scenario,
            Path directory,
            List<String> jvm,
            Map<String, String> settings,
            List<String> reconciler,
            String... jobLines) {
        try {
            Files.writeString(directory.resolve("quick.yml"), Scenario.jobFile(jobLines));
            Path output = Files.createTempFile(directory, "output", ".txt");
            var command = new ArrayList<String>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(jvm);
            command.addAll(
                    List.of(
                            "--enable-native-access=ALL-UNNAMED",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            classPath(),
                            "reconciler.cli.Reconciler"));
            command.addAll(reconciler);
            var builder =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile());
            builder.environment().putAll(scenario.environment());
            builder.environment().putAll(settings);
            builder.environment().put("RECONCILER_JOBS_DIR", directory.toString());
            return new OneProcess(builder.start(), output);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// Surefire hides the class path of a test in a jar of its own.
    static String classPath() {
        return System.getProperty(
                "surefire.test.class.path", System.getProperty("java.class.path"));
    }

    long pid() {
        return process.pid();
    }

    /// kill -9.
    void kill() {
        process.destroyForcibly();
        exitCode();
    }

    /// SIGSTOP.
    void freeze() {
        signal("STOP");
    }

    /// SIGCONT.
    void thaw() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            int sent =
                    new ProcessBuilder("kill", "-" + name, String.valueOf(pid())).start().waitFor();
            if (sent != 0) {
                throw new AssertionError("kill -" + name + " failed");
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }

    /// SIGTERM.
    void terminate() {
        process.destroy();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    int exitCode() {
        return exitCode(PATIENCE_SECONDS);
    }

    /// @param seconds how long it may take yet
    int exitCode(int seconds) {
        try {
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                throw new AssertionError("still running:\n" + said());
            }
            return process.exitValue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }

    /// Both streams, so far.
    String said() {
        try {
            return Files.readString(output);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
