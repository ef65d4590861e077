package reconciler.database;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Where Postgres is and who we are there.
public record DatabaseSettings(String url, @Nullable String user, @Nullable String password) {
    private static final String SCHEME = "jdbc:postgresql:";

    /// From `RECONCILER_DB_URL`, `RECONCILER_DB_USER` and `RECONCILER_DB_PASSWORD`.
    public static DatabaseSettings of(Function<String, @Nullable String> settings) {
        String url = settings.apply("RECONCILER_DB_URL");
        if (url == null) {
            throw new DatabaseUnusable(
                    DatabaseUnusable.Kind.MISCONFIGURED,
                    "RECONCILER_DB_URL is not set: give the JDBC URL of a Postgres 15 or newer, for example"
                            + " jdbc:postgresql://localhost:5432/reconciler");
        }
        if (!url.startsWith(SCHEME)) {
            throw new DatabaseUnusable(
                    DatabaseUnusable.Kind.MISCONFIGURED,
                    "RECONCILER_DB_URL does not start with "
                            + SCHEME
                            + "//: expected for example"
                            + " jdbc:postgresql://localhost:5432/reconciler");
        }
        return new DatabaseSettings(
                url,
                settings.apply("RECONCILER_DB_USER"),
                settings.apply("RECONCILER_DB_PASSWORD"));
    }

    /// The URL without its query, where passwords may hide.
    public String place() {
        int query = url.indexOf('?');
        return url.substring(SCHEME.length(), query < 0 ? url.length() : query);
    }

    @Override
    public String toString() {
        return place() + " as " + (user == null ? "the default user" : user);
    }
}
