package reconciler.database;

import java.util.Arrays;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;

/// The schema's versions, `db/migration`.
public final class Migrations {
    private static final String HISTORY_SCHEMA = "reconciler";

    private final Flyway flyway;

    public Migrations(DataSource dataSource) {
        flyway =
                Flyway.configure()
                        .dataSource(dataSource)
                        .locations("classpath:db/migration")
                        .defaultSchema(HISTORY_SCHEMA)
                        .createSchemas(true)
                        .cleanDisabled(true)
                        .load();
    }

    /// Applies what is missing.
    ///
    /// @return the versions applied now, with their descriptions; empty when the schema was up to
    ///   date
    public List<String> apply() {
        List<String> before = pending();
        flyway.migrate();
        return before;
    }

    /// What `apply` would do.
    public List<String> pending() {
        return Arrays.stream(flyway.info().pending()).map(Migrations::name).toList();
    }

    private static String name(MigrationInfo migration) {
        return "V" + migration.getVersion() + " " + migration.getDescription();
    }
}
