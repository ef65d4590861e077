package reconciler.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import reconciler.Eventually;
import reconciler.database.DatabaseSettings;
import reconciler.embedded.InstalledPostgres;
import reconciler.embedded.TestPostgres;
import reconciler.fault.FaultProxy;

/// The databases of a soak: one after the other where a Postgres is installed that can have a
/// standby, and else the embedded one alone. What talks to them goes through proxies that lead to
/// the one that is in force.
final class SoakServers implements AutoCloseable {
    private static final String NAME = "soak";

    private final Path directory;
    private final FaultProxy proxy;
    private final FaultProxy quiet;
    private final DatabaseSettings settings;
    private final List<String> lost = new ArrayList<>();
    private final List<InstalledPostgres> all = new ArrayList<>();
    private int failovers;
    private int clockSteps;

    private SoakServers(Path directory, @Nullable InstalledPostgres first) {
        this.directory = directory;
        DatabaseSettings direct =
                first == null ? TestPostgres.freshDatabase() : first.freshDatabase(NAME);
        proxy = new FaultProxy(Scenario.address(direct));
        quiet = new FaultProxy(Scenario.address(direct));
        settings =
                new DatabaseSettings(
                        direct.url().replaceFirst("//[^/]+/", "//127.0.0.1:" + quiet.port() + "/"),
                        direct.user(),
                        direct.password());
        if (first != null) {
            all.add(first);
        }
    }

    static SoakServers embedded(Path directory) {
        return new SoakServers(directory, null);
    }

    /// @return embedded ones where nothing else is installed
    static SoakServers installed(Path directory) {
        return new SoakServers(
                directory,
                InstalledPostgres.missingClock() == null
                        ? InstalledPostgres.startWithClock(directory.resolve("server-0"))
                        : null);
    }

    /// Where runs are disturbed.
    FaultProxy proxy() {
        return proxy;
    }

    /// Settings that lead to whichever is in force, undisturbed.
    DatabaseSettings settings() {
        return settings;
    }

    /// Whether another one can be promoted, and the clock be set.
    boolean canFail() {
        return !all.isEmpty();
    }

    int failovers() {
        return failovers;
    }

    int clockSteps() {
        return clockSteps;
    }

    /// Requests that are on record only on servers that were left behind.
    List<String> lost() {
        return lost;
    }

    void setClock(long seconds) {
        all.getLast().setClock(seconds);
        clockSteps++;
    }

    /// A standby takes the place of the server, without what was committed while `meanwhile` ran.
    void failOver(Runnable meanwhile) {
        InstalledPostgres primary = all.getLast();
        InstalledPostgres standby = primary.standby(directory.resolve("server-" + (failovers + 1)));
        all.add(standby);
        Eventually.holds("the standby has all", primary::isFollowed);
        standby.cutOff();
        meanwhile.run();
        primary.crash();
        standby.promote();
        proxy.leadTo(standby.address());
        quiet.leadTo(standby.address());
        failovers++;
        primary.restart();
        lost.addAll(ThreeBooks.recordedOnlyBy(jdbc(primary), jdbc(standby)));
        primary.crash();
    }

    private static JdbcClient jdbc(InstalledPostgres server) {
        return JdbcClient.create(new DriverManagerDataSource(server.settings(NAME).url()));
    }

    @Override
    public void close() {
        proxy.close();
        quiet.close();
        all.forEach(InstalledPostgres::close);
    }
}
