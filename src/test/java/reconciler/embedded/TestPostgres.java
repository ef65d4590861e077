package reconciler.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;
import reconciler.database.Database;
import reconciler.database.DatabaseSettings;
import reconciler.database.Migrations;

/// A real Postgres for every test that touches SQL: one server per JVM, a fresh migrated database
/// for whoever asks.
///
/// `-Dpostgres=testcontainers|embedded|<JDBC URL>` decides which server; unset, Docker is asked
/// first.
public final class TestPostgres {
    private static final String PASSWORD = "of-the-tests";
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final String TEMPLATE = "template_" + ProcessHandle.current().pid();

    private TestPostgres() {}

    /// Settings of a new database with the schema in it. Its time zone is nobody's, so that a
    /// forgotten zone shows.
    public static DatabaseSettings freshDatabase() {
        Server.INSTANCE.prepareTemplate();
        String name = "test_" + ProcessHandle.current().pid() + "_" + NUMBER.incrementAndGet();
        Server.INSTANCE.execute("CREATE DATABASE " + name + " TEMPLATE " + TEMPLATE);
        Server.INSTANCE.execute("ALTER DATABASE " + name + " SET timezone = 'Pacific/Chatham'");
        return Server.INSTANCE.settings(name);
    }

    /// Settings of a new database that has the roles of `db/roles` and was migrated by the one for
    /// that. Log in with [#as].
    public static DatabaseSettings databaseWithRoles() {
        DatabaseSettings settings = emptyDatabase();
        try (Database admin = Database.open(settings, 1)) {
            var jdbc = JdbcClient.create(admin.dataSource());
            jdbc.sql(Files.readString(Path.of("db/roles/roles.sql"))).update();
            for (String role : List.of("migrate", "app", "auditor", "intake", "reveal")) {
                jdbc.sql("ALTER ROLE reconciler_" + role + " PASSWORD '" + PASSWORD + "'").update();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        try (Database migrate = Database.open(as(settings, "reconciler_migrate"), 2)) {
            new Migrations(migrate.dataSource()).apply();
        }
        return settings;
    }

    public static DatabaseSettings as(DatabaseSettings settings, String role) {
        // The embedded server's URL names a user, which would win.
        return new DatabaseSettings(
                settings.url().replaceFirst("[?]user=[^&]*$", ""), role, PASSWORD);
    }

    /// Settings of a new database with nothing in it.
    public static DatabaseSettings emptyDatabase() {
        String name = "test_" + ProcessHandle.current().pid() + "_" + NUMBER.incrementAndGet();
        Server.INSTANCE.execute("CREATE DATABASE " + name);
        return Server.INSTANCE.settings(name);
    }

    private record Server(String url, String user, String password) {
        static final Server INSTANCE = start(System.getProperty("postgres", ""));
        private static boolean templatePrepared;

        static Server start(String choice) {
            if (choice.startsWith("jdbc:")) {
                return new Server(choice, System.getProperty("user.name"), "");
            }
            return switch (choice.toLowerCase(Locale.ROOT)) {
                case "embedded" -> embedded();
                case "testcontainers" -> container();
                case "" -> dockerAnswers() ? container() : embedded();
                default ->
                        throw new IllegalArgumentException(
                                "-Dpostgres is testcontainers, embedded or a JDBC URL, not "
                                        + choice);
            };
        }

        private static boolean dockerAnswers() {
            try {
                return DockerClientFactory.instance().isDockerAvailable();
            } catch (RuntimeException noDocker) {
                return false;
            }
        }

        private static Server embedded() {
            try {
                Path data = Files.createTempDirectory("reconciler-tests");
                EmbeddedDatabase server = EmbeddedDatabase.startIn(data);
                Runtime.getRuntime().addShutdownHook(new Thread(() -> end(server, data)));
                return new Server(server.url(), "postgres", "");
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        /// A thousand databases take long to delete, and nobody has to wait for that.
        private static void end(EmbeddedDatabase server, Path data) {
            server.close();
            try {
                new ProcessBuilder("rm", "-rf", data.toString()).start();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        @SuppressWarnings("resource") // Testcontainers ends it with the JVM
        private static Server container() {
            var server = new PostgreSQLContainer("postgres:17-alpine");
            server.start();
            return new Server(server.getJdbcUrl(), server.getUsername(), server.getPassword());
        }

        synchronized void prepareTemplate() {
            if (templatePrepared) {
                return;
            }
            execute("DROP DATABASE IF EXISTS " + TEMPLATE);
            execute("CREATE DATABASE " + TEMPLATE);
            try (Database template = Database.open(settings(TEMPLATE), 2)) {
                new Migrations(template.dataSource()).apply();
            }
            templatePrepared = true;
        }

        DatabaseSettings settings(String database) {
            return new DatabaseSettings(
                    url.replaceFirst("(jdbc:postgresql://[^/]+/)[^?]*", "$1" + database),
                    user,
                    password);
        }

        void execute(String sql) {
            try (Connection connection = DriverManager.getConnection(url, user, password);
                    var statement = connection.createStatement()) {
                statement.execute(sql);
            } catch (SQLException failure) {
                throw new IllegalStateException(sql, failure);
            }
        }
    }
}
