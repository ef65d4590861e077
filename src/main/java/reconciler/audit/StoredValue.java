package reconciler.audit;

import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The values of an outcome in clear, with the salts of their commitments.
@SuppressWarnings("ArrayRecordComponent") // never compared
record StoredValue(
        long sealId,
        long outcomeId,
        byte @Nullable [] beforeSalt,
        byte @Nullable [] before,
        byte @Nullable [] requestedSalt,
        byte @Nullable [] requested,
        byte @Nullable [] standingSalt,
        byte @Nullable [] standing) {
    private static final String VALUES =
            """
            SELECT seal_id, outcome_id, before_salt, before_value, requested_salt, requested_value, standing_salt,
                   standing_value
              FROM audit.value
             WHERE seal_id BETWEEN :from AND :until
             ORDER BY seal_id, outcome_id
            """;

    /// Whether we may read values at all: an auditor may not.
    static boolean readable(JdbcClient jdbc) {
        return jdbc.sql("SELECT has_table_privilege('audit.value', 'SELECT')")
                .query(Boolean.class)
                .single();
    }

    static SealedRows<StoredValue> read(JdbcClient jdbc, long from, long until) {
        SealedRows.sendBytesAsTheyAre(jdbc, VALUES);
        return SealedRows.read(jdbc, VALUES, from, until, StoredValue::of, StoredValue::sealId);
    }

    private static StoredValue of(ResultSet row) throws SQLException {
        return new StoredValue(
                row.getLong("seal_id"),
                row.getLong("outcome_id"),
                row.getBytes("before_salt"),
                row.getBytes("before_value"),
                row.getBytes("requested_salt"),
                row.getBytes("requested_value"),
                row.getBytes("standing_salt"),
                row.getBytes("standing_value"));
    }

    /// Whether the outcome committed to these values.
    boolean isKeptBy(SealedRow outcome, CanonicalHash hash) {
        return matches(outcome.value("before_commit"), beforeSalt, before, hash)
                && matches(outcome.value("requested_commit"), requestedSalt, requested, hash)
                && matches(outcome.value("standing_commit"), standingSalt, standing, hash);
    }

    private static boolean matches(
            ByteBuffer commitment,
            byte @Nullable [] salt,
            byte @Nullable [] value,
            CanonicalHash hash) {
        if (!commitment.hasRemaining() || salt == null || value == null) {
            return !commitment.hasRemaining() && value == null;
        }
        return ByteBuffer.wrap(hash.commitment(salt, value)).equals(commitment);
    }
}
