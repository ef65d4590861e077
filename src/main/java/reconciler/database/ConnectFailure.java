package reconciler.database;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.file.NoSuchFileException;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.util.stream.Stream;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;

/// Why a connection was not made. Told by states and types: messages come in many languages.
///
/// What will be right after a while is left to [DatabaseUnusable#of]; what never will by itself is
/// a wrong setting.
record ConnectFailure(DatabaseSettings settings, String variable) {
    /// Null when it may be right after a while, or is known by its state.
    @Nullable DatabaseUnusable meaning(SQLException failure) {
        String why = why(failure);
        return why == null
                ? null
                : new DatabaseUnusable(DatabaseUnusable.Kind.MISCONFIGURED, why, failure);
    }

    private @Nullable String why(SQLException failure) {
        if (causes(failure).anyMatch(UnknownHostException.class::isInstance)) {
            return variable
                    + " names a host that is not known ("
                    + settings.place()
                    + "): correct the name, or let the name server know it";
        }
        if (causes(failure).anyMatch(ConnectFailure::isMissingFile)) {
            return variable
                    + " or the driver's defaults name a file that cannot be read: "
                    + said(failure)
                    + " (sslrootcert, sslcert and sslkey name the files of TLS)";
        }
        if (causes(failure).anyMatch(ConnectFailure::isDistrust)) {
            return "the database "
                    + settings.place()
                    + " shows a certificate that is not trusted: "
                    + said(failure)
                    + "; let sslrootcert in "
                    + variable
                    + " name the authority's certificate, and the URL the host that the certificate names";
        }
        return ofState(failure, String.valueOf(failure.getSQLState()));
    }

    private @Nullable String ofState(SQLException failure, String state) {
        boolean lost = causes(failure).anyMatch(IOException.class::isInstance);
        return switch (state) {
            case "08004" ->
                    isTheDrivers(failure)
                            ? "the database "
                                    + settings.place()
                                    + " does not take connections as the settings want them: "
                                    + said(failure)
                                    + "; see sslmode and the other parameters in "
                                    + variable
                                    + (settings.password() == null
                                            ? ", and RECONCILER_DB_PASSWORD, which is not set"
                                            : "")
                            : null;
            case "08006" ->
                    isTheDrivers(failure) && !lost
                            ? "the database "
                                    + settings.place()
                                    + " cannot be connected to as the settings say: "
                                    + said(failure)
                                    + "; see the parameters in "
                                    + variable
                            : null;
            case "08P01" -> lost ? null : ofProtocol(failure);
            case "22023", "42704" ->
                    "the database "
                            + settings.place()
                            + " does not accept a parameter of "
                            + variable
                            + ": "
                            + said(failure);
            default -> null;
        };
    }

    /// PgBouncer says much by this state, also what is over after a while.
    private @Nullable String ofProtocol(SQLException failure) {
        if (isTheDrivers(failure)) {
            return "what answers at "
                    + settings.place()
                    + " is no Postgres: "
                    + said(failure)
                    + "; correct "
                    + variable;
        }
        return new DatabaseUrl(variable, settings.url()).asksAtStartUp()
                ? "what answers at "
                        + settings.place()
                        + " does not take the parameters of "
                        + variable
                        + ": "
                        + said(failure)
                        + "; take out options, currentSchema and replication, which a pooler refuses"
                : null;
    }

    private static boolean isMissingFile(Throwable cause) {
        return cause instanceof FileNotFoundException || cause instanceof NoSuchFileException;
    }

    private static boolean isDistrust(Throwable cause) {
        return cause instanceof GeneralSecurityException
                || cause instanceof SSLPeerUnverifiedException;
    }

    private static boolean isTheDrivers(SQLException failure) {
        return failure instanceof PSQLException of && of.getServerErrorMessage() == null;
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause);
    }

    private static String said(SQLException failure) {
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    }
}
