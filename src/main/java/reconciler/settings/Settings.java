package reconciler.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What the process was given: environment variables, and files named like them in the secret
/// directories (systemd's `LoadCredential`, Docker's and Kubernetes' secrets). The environment
/// wins.
public final class Settings {
    /// Stands for bytes that could not be decoded.
    private static final char NOT_UTF_8 = '\uFFFD';

    private static final Path CONTAINER_SECRETS = Path.of("/run/secrets");

    private final Map<String, String> environment;
    private final List<Path> directories;

    Settings(Map<String, String> environment, List<Path> directories) {
        this.environment = Map.copyOf(environment);
        this.directories = List.copyOf(directories);
    }

    /// Those of an environment: its variables, `$CREDENTIALS_DIRECTORY` and `/run/secrets`.
    public static Settings of(Map<String, String> environment) {
        Stream<Path> credentials =
                Stream.ofNullable(environment.get("CREDENTIALS_DIRECTORY")).map(Path::of);
        return new Settings(
                environment, Stream.concat(credentials, Stream.of(CONTAINER_SECRETS)).toList());
    }

    /// The value without surrounding white space; null when it is not set or blank.
    ///
    /// @throws UnreadableSecret when its file cannot be read, or it is not UTF-8
    public @Nullable String find(String variable) {
        String value = environment.get(variable);
        if (value == null) {
            value =
                    directories.stream()
                            .map(directory -> directory.resolve(variable))
                            .filter(Files::isRegularFile)
                            .findFirst()
                            .map(Settings::read)
                            .orElse(null);
        }
        if (value != null && value.indexOf(NOT_UTF_8) >= 0) {
            throw new UnreadableSecret(variable);
        }
        return value == null || value.isBlank() ? null : value.strip();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UnreadableSecret(file, unreadable);
        }
    }
}
