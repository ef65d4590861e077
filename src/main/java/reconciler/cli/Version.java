package reconciler.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;
import reconciler.database.SchemaVersion;

/// What was built, from `build.properties` beside this class, which the build writes.
final class Version implements IVersionProvider {
    private static final Properties BUILD = read();

    /// As it is recorded with each run.
    static final String CURRENT = of("git.build.version");

    private static Properties read() {
        var build = new Properties();
        try (InputStream file = Version.class.getResourceAsStream("build.properties")) {
            if (file != null) {
                build.load(file);
            }
            return build;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String of(String key) {
        return BUILD.getProperty(key, "unknown");
    }

    @Override
    public String[] getVersion() {
        return new String[] {
            "reconciler " + CURRENT,
            "commit " + of("git.commit.id.abbrev") + " of " + of("git.commit.time"),
            "schema " + SchemaVersion.ofThisProgram(),
            "Java " + Runtime.version()
        };
    }
}
