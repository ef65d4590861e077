package reconciler.database;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// How a server is set up where we cannot set it, as it was when a connection was made.
///
/// @param pooled each transaction may run in another session
/// @param version as `server_version_num` has it: 150004
/// @param encoding of the database
/// @param replicationRole `origin`, or triggers do not fire
/// @param standby it follows another server, and takes no writes
/// @param readOnly `default_transaction_read_only` is on
public record ServerFacts(
        boolean pooled,
        int version,
        String encoding,
        String replicationRole,
        boolean standby,
        boolean readOnly) {
    private static final int OLDEST = 150_000;

    static ServerFacts of(ResultSet row) throws SQLException {
        return new ServerFacts(
                row.getBoolean("pooled"),
                row.getInt("version"),
                row.getString("encoding"),
                row.getString("replication_role"),
                row.getBoolean("standby"),
                row.getString("read_only").equals("on"));
    }

    /// `15.4`
    public String versionInWords() {
        return version / 10_000 + "." + version % 10_000;
    }

    /// What keeps us from working here at all, with the remedy; null when nothing does.
    @Nullable String obstacle() {
        if (version < OLDEST) {
            return "is Postgres " + versionInWords() + ", which is too old: use 15 or newer";
        }
        if (!encoding.equals("UTF8")) {
            return "has the encoding "
                    + encoding
                    + ", which cannot hold every value: create one with"
                    + " CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0, and let RECONCILER_DB_URL name it";
        }
        if (!replicationRole.equals("origin")) {
            return "has session_replication_role="
                    + replicationRole
                    + " for this login, so that triggers do not fire and nothing guards the audit:"
                    + " ALTER ROLE ... RESET session_replication_role";
        }
        return null;
    }

    /// Why it takes no writes, with the remedy; null when it does.
    public @Nullable String whyReadOnly() {
        if (standby) {
            return "is a standby, which takes no writes: let RECONCILER_DB_URL name the primary, or all servers and"
                    + " targetServerType=primary";
        }
        if (readOnly) {
            return "is read only for this login (default_transaction_read_only is on): an administrator turns it off with"
                    + " ALTER ROLE, ALTER DATABASE or ALTER SYSTEM, where it was turned on";
        }
        return null;
    }
}
