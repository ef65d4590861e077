package reconciler.audit;

import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One row as it is hashed.
///
/// @param sealId 0 for a record without a seal
/// @param leaf as it is stored; null where none is
@SuppressWarnings("ArrayRecordComponent") // never compared
record SealedRow(
        SealedTable table, long sealId, long id, byte @Nullable [] leaf, BinaryRecord record) {
    private static final long MICROS = 1_000_000L;

    static SealedRow of(SealedTable table, ResultSet row) throws SQLException {
        return new SealedRow(
                table,
                row.getLong(1),
                row.getLong(2),
                row.getBytes(3),
                new BinaryRecord(row.getBytes(4)));
    }

    @Nullable String text(String field) {
        return record.text(table.index(field));
    }

    /// The field's binary form; empty for null.
    ByteBuffer value(String field) {
        return record.value(table.index(field));
    }

    /// A number of 4 or 8 bytes; 0 where somebody made it null.
    long number(String field) {
        ByteBuffer value = value(field);
        return switch (value.remaining()) {
            case Integer.BYTES -> value.getInt();
            case Long.BYTES -> value.getLong();
            default -> 0;
        };
    }

    /// A time; the greatest there is for one without end.
    Instant instant(String field) {
        ByteBuffer value = value(field);
        long micros = value.hasRemaining() ? FieldType.micros(value) : 0;
        return Instant.ofEpochSecond(
                Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * 1_000);
    }

    /// The fields that were sealed, as text in UTF-8.
    byte[] @Nullable [] texts() {
        var texts = new byte[table.fields().size()] @Nullable [];
        for (int i = 0; i < texts.length; i++) {
            String text = record.text(i);
            texts[i] = text == null ? null : CanonicalHash.utf8(text);
        }
        return texts;
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
