package reconciler.cli;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import reconciler.database.Database;
import reconciler.database.DatabaseSettings;
import reconciler.patch.ApiSettings;
import reconciler.run.JobFiles;
import reconciler.run.Looker;
import reconciler.run.Reconciliation;
import reconciler.settings.Settings;

/// What every command starts from; everything is made when it is asked for, so that `--help`
/// touches nothing.
record Session(Map<String, String> environment, Terminal terminal, InstantSource clock) {
    /// A command that reads, or works row by row.
    private static final int FEW = 2;

    /// Workers settle a page each in a few milliseconds; more connections would only wait for the
    /// disk.
    private static final int WORKERS = 10;

    private static final int EXPRESS = 4;

    static Session ofProcess() {
        return new Session(System.getenv(), Terminal.ofProcess(), InstantSource.system());
    }

    Settings settings() {
        return Settings.of(environment);
    }

    DatabaseSettings databaseSettings() {
        return DatabaseSettings.of(settings()::find);
    }

    Database database() {
        return Database.open(databaseSettings(), FEW);
    }

    /// For runs: their statements are short, and a database that has gone quiet must not hold them
    /// up.
    Database databaseForRuns() {
        return Database.open(databaseSettings(), WORKERS, Duration.ofSeconds(30));
    }

    /// The lane's thread, its intents, its pace and its lease at the same time.
    Database databaseForExpressLane() {
        return Database.open(databaseSettings(), EXPRESS, Duration.ofSeconds(30));
    }

    ApiSettings api() {
        return ApiSettings.of(settings()::find);
    }

    JobFiles jobs() {
        String directory = settings().find("RECONCILER_JOBS_DIR");
        return new JobFiles(Path.of(directory == null ? "jobs" : directory));
    }

    /// Runs over a database.
    Reconciliation reconciliation(Database database, ApiSettings api) {
        return new Reconciliation(database.dataSource(), api, identity(), clock, new Random());
    }

    /// For the record of what a command looks at.
    Looker looker() {
        return new Looker(identity(), user());
    }

    static Reconciliation.Identity identity() {
        return new Reconciliation.Identity(
                host(), ProcessHandle.current().pid(), Version.CURRENT, UUID::randomUUID);
    }

    /// The person, as the operating system knows them.
    String user() {
        return System.getProperty("user.name", "unknown");
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return "localhost";
        }
    }

    /// Without the environment: it may hold secrets.
    @Override
    public String toString() {
        return "session of " + user();
    }
}
