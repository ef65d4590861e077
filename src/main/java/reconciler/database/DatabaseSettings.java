package reconciler.database;

import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Where Postgres is and who we are there.
///
/// @param listenUrl where it is told of what is urgent, when that is not at `url`: past a pooler
public record DatabaseSettings(
        String url,
        @Nullable String user,
        @Nullable String password,
        @Nullable String listenUrl,
        Pooler pooler) {
    private static final String URL = "RECONCILER_DB_URL";
    private static final String LISTEN_URL = "RECONCILER_DB_LISTEN_URL";

    public DatabaseSettings(String url, @Nullable String user, @Nullable String password) {
        this(url, user, password, null, Pooler.AUTO);
    }

    /// From `RECONCILER_DB_URL`, `RECONCILER_DB_USER`, `RECONCILER_DB_PASSWORD`,
    /// `RECONCILER_DB_LISTEN_URL` and `RECONCILER_DB_POOLER`.
    ///
    /// @throws DatabaseUnusable when one of them can never be right
    public static DatabaseSettings of(Function<String, @Nullable String> settings) {
        String url = settings.apply(URL);
        if (url == null) {
            throw new DatabaseUnusable(
                    DatabaseUnusable.Kind.MISCONFIGURED,
                    URL
                            + " is not set: give the JDBC URL of a Postgres 15 or newer, for example"
                            + " jdbc:postgresql://localhost:5432/reconciler");
        }
        new DatabaseUrl(URL, url).demandUsable();
        String listenUrl = settings.apply(LISTEN_URL);
        if (listenUrl != null) {
            new DatabaseUrl(LISTEN_URL, listenUrl).demandUsable();
        }
        return new DatabaseSettings(
                url,
                settings.apply("RECONCILER_DB_USER"),
                settings.apply("RECONCILER_DB_PASSWORD"),
                listenUrl,
                Pooler.of(settings.apply("RECONCILER_DB_POOLER")));
    }

    /// The URL without its query, where secrets may be.
    public String place() {
        return new DatabaseUrl(URL, url).place();
    }

    /// The weak `sslmode`, where anybody on the network between may pass for the database; null
    /// where nobody can.
    public @Nullable String laxTls() {
        return new DatabaseUrl(URL, url).laxTls();
    }

    Connector connector(Duration patience) {
        return new Connector(this, URL, patience);
    }

    /// To where it is told of what is urgent.
    Connector listeningConnector(Duration patience) {
        return listenUrl == null
                ? connector(patience)
                : new Connector(
                        new DatabaseSettings(listenUrl, user, password, null, pooler),
                        LISTEN_URL,
                        patience);
    }

    @Override
    public String toString() {
        return place() + " as " + (user == null ? "the default user" : user);
    }
}
