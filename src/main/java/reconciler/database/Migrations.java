package reconciler.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The schema, `db/migration`: tables by versions, one after the other; then functions, views and
/// grants, each file again whenever it changed.
public final class Migrations {
    private static final String HISTORY_SCHEMA = "reconciler";

    private static final String GRANTS = "R__3_grants.sql";

    private final Flyway flyway;
    private final JdbcClient jdbc;

    public Migrations(DataSource dataSource) {
        jdbc = JdbcClient.create(dataSource);
        flyway =
                Flyway.configure()
                        .dataSource(dataSource)
                        .locations("classpath:db/migration")
                        .defaultSchema(HISTORY_SCHEMA)
                        .createSchemas(true)
                        .cleanDisabled(true)
                        .load();
    }

    /// Applies what is missing. Ends with the rights of the roles of `db/roles`, where there are
    /// such roles, also when nothing was missing: a role may be new, or have a right by hand.
    ///
    /// @return what was applied now, in order; empty when the schema was up to date
    /// @throws DatabaseUnusable when the tables are not of this program's migrations
    public List<String> apply() {
        List<MigrationInfo> missing = List.of(flyway.info().pending());
        try {
            flyway.migrate();
        } catch (FlywayValidateException failure) {
            throw new DatabaseUnusable(
                    DatabaseUnusable.Kind.SCHEMA,
                    "the tables were made by other migrations than those of this program, and cannot be migrated: "
                            + String.valueOf(failure.getMessage())
                                    .lines()
                                    .skip(1)
                                    .findFirst()
                                    .orElse("")
                            + "; use the program that made them, or an empty database");
        }
        if (missing.stream().noneMatch(migration -> migration.getScript().equals(GRANTS))) {
            jdbc.sql(grants()).update();
        }
        return names(missing);
    }

    private static String grants() {
        try (InputStream file =
                Objects.requireNonNull(
                        Migrations.class.getResourceAsStream("/db/migration/" + GRANTS), GRANTS)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// What `apply` would do.
    public List<String> pending() {
        return names(List.of(flyway.info().pending()));
    }

    /// As `V1 queue`, `R1 functions`.
    private static List<String> names(List<MigrationInfo> migrations) {
        return migrations.stream().map(Migrations::name).toList();
    }

    private static String name(MigrationInfo migration) {
        return migration.isVersioned()
                ? "V" + migration.getVersion() + " " + migration.getDescription()
                : "R" + migration.getDescription();
    }
}
