package reconciler.run;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;

/// The product as it is installed: the launcher, a jar beside it, job files. Commands run in
/// processes of their own.
public final class Installed {
    private static final int PATIENCE_SECONDS = 90;

    private final Path tree;
    private final Map<String, String> environment;

    private Installed(Path tree, Map<String, String> environment) {
        this.tree = tree;
        this.environment = environment;
    }

    /// How a command ended.
    ///
    /// @param commandLines what others could see of it while it ran
    record Ended(int exit, String out, String err, String commandLines) {}

    static Installed in(Path tree, Scenario scenario, String... jobLines) {
        try {
            launcherIn(tree);
            Path jobs = Files.createDirectory(tree.resolve("jobs"));
            Files.writeString(jobs.resolve("quick.yml"), Scenario.jobFile(jobLines));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return new Installed(tree, new HashMap<>(scenario.environment()));
    }

    /// The launcher alone, with a jar beside it.
    public static Path launcherIn(Path tree) throws IOException {
        Path launcher = Files.copy(Path.of("reconciler"), tree.resolve("reconciler"));
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
        jar(tree.resolve("reconciler.jar"));
        return launcher;
    }

    Path tree() {
        return tree;
    }

    /// The commands after this see another setting.
    Installed with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    Ended says(String... command) {
        try {
            Path out = Files.createTempFile("installed", ".out");
            Path err = Files.createTempFile("installed", ".err");
            List<String> line = new ArrayList<>(List.of(tree.resolve("reconciler").toString()));
            line.addAll(List.of(command));
            var builder =
                    new ProcessBuilder(line)
                            .redirectOutput(out.toFile())
                            .redirectError(err.toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("RECONCILER_"));
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            builder.environment().putAll(environment);
            Process process = builder.start();
            String commandLines = watched(process);
            var ended =
                    new Ended(
                            process.waitFor(),
                            Files.readString(out),
                            Files.readString(err),
                            commandLines);
            Files.delete(out);
            Files.delete(err);
            return ended;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }

    /// The launcher becomes the JVM, so one process id shows both.
    private static String watched(Process process) throws IOException, InterruptedException {
        Path shown = Path.of("/proc", String.valueOf(process.pid()), "cmdline");
        String seen = "";
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!process.waitFor(20, TimeUnit.MILLISECONDS)) {
            if (System.nanoTime() - giveUp > 0) {
                process.destroyForcibly();
                throw new AssertionError("still running: " + seen);
            }
            String now = commandLine(shown, process);
            seen = seen.endsWith(now) ? seen : seen + "\n" + now;
        }
        return seen.replace('\0', ' ');
    }

    /// Empty for one that has just ended: its entry goes before we are told of its end.
    private static String commandLine(Path shown, Process process)
            throws IOException, InterruptedException {
        try {
            return Files.readString(shown, StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                throw gone;
            }
            return "";
        }
    }

    /// A jar that only says where the classes are.
    private static void jar(Path file) throws IOException {
        String places =
                Arrays.stream(OneProcess.classPath().split(File.pathSeparator))
                        .map(place -> Path.of(place).toUri().toString())
                        .collect(Collectors.joining(" "));
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, "reconciler.cli.Reconciler");
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, places);
        try (OutputStream out = Files.newOutputStream(file);
                var jar = new JarOutputStream(out, manifest)) {
            jar.finish();
        }
    }
}
