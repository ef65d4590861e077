package reconciler.database;

import java.sql.SQLException;
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
        SCHEMA
    }

    DatabaseUnusable(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    private DatabaseUnusable(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
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
        return switch (state.substring(0, 2)) {
            // 40: it broke a deadlock, or could not serialize; the next run does what this one
            // could not
            case "08", "57", "53", "58", "40" ->
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
