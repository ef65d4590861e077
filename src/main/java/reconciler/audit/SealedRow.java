package reconciler.audit;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// One row as it is hashed.
///
/// @param sealId 0 for a record without a seal
/// @param leaf as it is stored; null where none is
@SuppressWarnings("ArrayRecordComponent") // never compared
record SealedRow(
        SealedTable table,
        long sealId,
        long id,
        byte @Nullable [] leaf,
        byte[] @Nullable [] fields) {
    private static final int FIRST_FIELD = 4;

    static SealedRow of(SealedTable table, ResultSet row) throws SQLException {
        var fields = new byte[table.fields().size()] @Nullable [];
        for (int i = 0; i < fields.length; i++) {
            fields[i] = row.getBytes(FIRST_FIELD + i);
        }
        return new SealedRow(table, row.getLong(1), row.getLong(2), row.getBytes(3), fields);
    }

    @Nullable String text(String field) {
        byte[] bytes = fields[table.index(field)];
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    long number(String field) {
        return Long.parseLong(String.valueOf(text(field)));
    }

    /// The row as a message names it.
    String name() {
        return switch (table) {
            case OUTCOME -> "outcome " + id + " (change " + text("change_id") + ")";
            case ATTEMPT -> "attempt " + id;
            case RUN -> "run " + id;
            case RUN_END -> "the end of run " + id;
            case EVENT -> "event " + id + " (" + text("action") + " " + text("object") + ")";
            case SEAL ->
                    "seal " + sealId + " (" + text("chain") + ", number " + text("number") + ")";
        };
    }
}
