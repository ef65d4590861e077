package reconciler.audit;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// A row in the form in which Postgres sends a record: the number of columns, then for each the
/// number of its type, its length (-1 for null) and its binary form. The first column is the name
/// of the row's table.
@SuppressWarnings("ArrayRecordComponent") // never compared
record BinaryRecord(byte[] bytes) {
    private static final int TYPE_AND_LENGTH = 2 * Integer.BYTES;

    /// The field as text; null where there is none.
    ///
    /// @param index 0 for the column after the table's name
    @Nullable String text(int index) {
        ByteBuffer field = field(index);
        int type = field.getInt();
        int length = field.getInt();
        return length < 0 ? null : FieldType.of(type).text(field, length);
    }

    /// The field's binary form; empty for null.
    ByteBuffer value(int index) {
        ByteBuffer field = field(index);
        int length = field.getInt(field.position() + Integer.BYTES);
        return field.slice(field.position() + TYPE_AND_LENGTH, Math.max(0, length));
    }

    private ByteBuffer field(int index) {
        ByteBuffer record = ByteBuffer.wrap(bytes);
        int at = Integer.BYTES;
        for (int i = 0; i <= index; i++) {
            at += TYPE_AND_LENGTH + Math.max(0, record.getInt(at + Integer.BYTES));
        }
        return record.position(at);
    }
}
