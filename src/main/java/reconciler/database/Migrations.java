package reconciler.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The schema's versions, `db/migration`.
public final class Migrations {
    private static final String HISTORY_SCHEMA = "reconciler";

    private static final String GRANTS = "/db/roles/grants.sql";

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
                        // Numbers are given by subject: a lower one may be the later.
                        .outOfOrder(true)
                        .load();
    }

    /// Applies what is missing, then gives the roles of `db/roles` their rights, where there are
    /// such roles.
    ///
    /// @return the versions applied now, with their descriptions; empty when the schema was up to
    ///   date
    public List<String> apply() {
        List<String> before = pending();
        flyway.migrate();
        jdbc.sql(grants()).update();
        return before;
    }

    private static String grants() {
        try (InputStream file =
                Objects.requireNonNull(Migrations.class.getResourceAsStream(GRANTS), GRANTS)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// What `apply` would do.
    public List<String> pending() {
        return Arrays.stream(flyway.info().pending()).map(Migrations::name).toList();
    }

    private static String name(MigrationInfo migration) {
        return "V" + migration.getVersion() + " " + migration.getDescription();
    }
}
