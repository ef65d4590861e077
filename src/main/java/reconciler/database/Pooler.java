package reconciler.database;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Whether a pooler such as PgBouncer may give each transaction another session:
/// `RECONCILER_DB_POOLER`.
public enum Pooler {
    /// The server is asked: a session has another process id than the one that was announced to us
    /// when a pooler stands between.
    AUTO,
    /// There is one, also when it cannot be seen.
    TRANSACTION,
    /// There is none, or it keeps a session for each of our connections.
    NONE;

    static Pooler of(@Nullable String setting) {
        if (setting == null) {
            return AUTO;
        }
        return switch (setting.toLowerCase(Locale.ROOT)) {
            case "auto" -> AUTO;
            case "transaction" -> TRANSACTION;
            case "none" -> NONE;
            default ->
                    throw new DatabaseUnusable(
                            DatabaseUnusable.Kind.MISCONFIGURED,
                            "RECONCILER_DB_POOLER is \"%s\": expected auto, transaction or none"
                                    .formatted(setting));
        };
    }

    /// Null when the server has to be asked.
    @Nullable Boolean told() {
        return switch (this) {
            case AUTO -> null;
            case TRANSACTION -> true;
            case NONE -> false;
        };
    }
}
