package reconciler.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.time.Duration;
import java.util.Objects;
import java.util.Properties;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/// Makes connections to one URL. What goes wrong is told as the setting that is wrong, where one
/// is.
///
/// @param variable the setting that holds the URL
/// @param patience with a server that does not answer
record Connector(DatabaseSettings settings, String variable, Duration patience) {
    /// Nothing of ours but what every pooler knows goes in the start-up packet.
    Connection connect() throws SQLException {
        try {
            return Objects.requireNonNull(new Driver().connect(settings.url(), properties()));
        } catch (SQLException failure) {
            DatabaseUnusable unusable = new ConnectFailure(settings, variable).meaning(failure);
            if (unusable == null) {
                throw failure;
            }
            throw new SQLNonTransientConnectionException(
                    unusable.getMessage(), failure.getSQLState(), unusable);
        }
    }

    /// That there is nothing to be done with this database.
    ///
    /// @param why goes on after its name
    SQLException refused(String why) {
        var unusable =
                new DatabaseUnusable(
                        DatabaseUnusable.Kind.MISCONFIGURED,
                        "the database " + settings.place() + " " + why);
        return new SQLNonTransientConnectionException(unusable.getMessage(), "08004", unusable);
    }

    private Properties properties() {
        var properties = new Properties();
        if (settings.user() != null) {
            PGProperty.USER.set(properties, settings.user());
        }
        if (settings.password() != null) {
            PGProperty.PASSWORD.set(properties, settings.password());
        }
        // or the driver sets the name with a statement of its own
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "9.0");
        PGProperty.APPLICATION_NAME.set(properties, "reconciler");
        PGProperty.CONNECT_TIMEOUT.set(properties, Math.toIntExact(patience.toSeconds()));
        int hosts = new DatabaseUrl(variable, settings.url()).hosts();
        PGProperty.LOGIN_TIMEOUT.set(properties, Math.toIntExact(patience.toSeconds() * hosts));
        PGProperty.TCP_KEEP_ALIVE.set(properties, true);
        return properties;
    }
}
