package reconciler.database;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import org.jspecify.annotations.Nullable;

/// The database cannot be used, and a retry by us would not help. The message is one sentence for
/// the operator.
public final class DatabaseUnusable extends RuntimeException {
    private final Kind kind;

    /// What is wrong, as the exit codes tell it apart.
    public enum Kind {
        MISCONFIGURED,
        UNREACHABLE,
        CREDENTIALS,
        SCHEMA,
        /// It takes no writes: a standby, or set so.
        READ_ONLY
    }

    DatabaseUnusable(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    DatabaseUnusable(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /// That there is no connection to where it is told of what is urgent.
    static DatabaseUnusable whileListening(SQLException failure) {
        DatabaseUnusable known = of(failure, "at RECONCILER_DB_LISTEN_URL");
        return known == null
                ? new DatabaseUnusable(
                        Kind.MISCONFIGURED,
                        "nothing can be heard at RECONCILER_DB_LISTEN_URL: " + failure.getMessage(),
                        failure)
                : known;
    }

    public Kind kind() {
        return kind;
    }

    /// What a failure means, when it means that the database cannot be used; null when it means a
    /// bug.
    public static @Nullable DatabaseUnusable of(Throwable failure, String place) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof DatabaseUnusable unusable) {
                return unusable;
            }
            if (cause instanceof SQLNonTransientConnectionException refused
                    && refused.getCause() instanceof DatabaseUnusable unusable) {
                return unusable;
            }
            if (cause instanceof SQLTransientConnectionException noConnection) {
                return new DatabaseUnusable(
                        Kind.UNREACHABLE,
                        "the database "
                                + place
                                + " gives no connection: "
                                + noConnection.getMessage()
                                + "; see that it is up and has connections to spare, then run again",
                        noConnection);
            }
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                DatabaseUnusable unusable = of(sql, sql.getSQLState(), place);
                if (unusable != null) {
                    return unusable;
                }
            }
        }
        return null;
    }

    private static @Nullable DatabaseUnusable of(SQLException failure, String state, String place) {
        String said = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
        return switch (state) {
            case "25006" ->
                    new DatabaseUnusable(
                            Kind.READ_ONLY,
                            "the database "
                                    + place
                                    + " takes no writes: it is a standby, or default_transaction_read_only is on;"
                                    + " let RECONCILER_DB_URL name the primary, or have that turned off (`reconciler doctor` says which)",
                            failure);
            // a standby has no unlogged tables; a statement was planned before a migration
            case "0A000" ->
                    new DatabaseUnusable(
                            Kind.UNREACHABLE,
                            "the database "
                                    + place
                                    + " does not do this now: "
                                    + said
                                    + "; let RECONCILER_DB_URL name the primary where it is a standby, and run again",
                            failure);
            case "26000", "42P05" ->
                    new DatabaseUnusable(
                            Kind.MISCONFIGURED,
                            "the database "
                                    + place
                                    + " is behind a pooler that gives each transaction another session, and that was not seen: "
                                    + said
                                    + "; set RECONCILER_DB_POOLER=transaction",
                            failure);
            case "53400" ->
                    new DatabaseUnusable(
                            Kind.MISCONFIGURED,
                            "the database "
                                    + place
                                    + " is set too tight for this: "
                                    + said
                                    + "; an administrator can raise that limit for RECONCILER_DB_USER",
                            failure);
            default -> ofClass(failure, state, place, said);
        };
    }

    private static @Nullable DatabaseUnusable ofClass(
            SQLException failure, String state, String place, String said) {
        return switch (state.substring(0, 2)) {
            // 40: it broke a deadlock, or could not serialize; the next run does what this one
            // could not
            // 55: somebody else holds a lock, or is altering something
            case "08", "57", "53", "58", "40", "55" ->
                    new DatabaseUnusable(
                            Kind.UNREACHABLE,
                            "the database "
                                    + place
                                    + " is not usable right now: "
                                    + said
                                    + "; run again when it is (`reconciler doctor` asks it)",
                            failure);
            case "28" ->
                    new DatabaseUnusable(
                            Kind.CREDENTIALS,
                            "the database "
                                    + place
                                    + " refused RECONCILER_DB_USER and RECONCILER_DB_PASSWORD: "
                                    + said,
                            failure);
            case "3D" ->
                    new DatabaseUnusable(
                            Kind.MISCONFIGURED,
                            "RECONCILER_DB_URL names a database that does not exist ("
                                    + place
                                    + "): "
                                    + said,
                            failure);
            // a transaction was ended because it idled, or lasted too long
            case "25" ->
                    state.equals("25P03") || state.equals("25P04")
                            ? ofClass(failure, "57P01", place, said)
                            : null;
            case "3F", "42" -> of42(failure, state, place, said);
            default -> null;
        };
    }

    private static @Nullable DatabaseUnusable of42(
            SQLException failure, String state, String place, String said) {
        return switch (state) {
            case "42501" ->
                    new DatabaseUnusable(
                            Kind.CREDENTIALS,
                            "the database "
                                    + place
                                    + " does not permit this to RECONCILER_DB_USER: "
                                    + said
                                    + "; db/roles/roles.sql says which role may",
                            failure);
            case "42P01", "3F000", "42703" ->
                    new DatabaseUnusable(
                            Kind.SCHEMA,
                            "the database "
                                    + place
                                    + " lacks the reconciler's tables ("
                                    + said
                                    + "): run `reconciler migrate` first",
                            failure);
            default -> null;
        };
    }
}
