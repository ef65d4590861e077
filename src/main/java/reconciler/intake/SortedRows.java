package reconciler.intake;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyIn;

/// Rows in the binary format of COPY, which leave in the order of the queue's index; those of a
/// participant as they came. A row begins with `begin`; its fields follow.
final class SortedRows {
    private static final int MOST_ROWS = 1 << 17;
    private static final int ENOUGH_BYTES = 15 << 20;
    private static final int BLOCK = 64 * 1024;
    private static final long EPOCH = Instant.parse("2000-01-01T00:00:00Z").getEpochSecond();
    private static final int NULL = -1;

    private ByteBuffer bytes = ByteBuffer.allocate(1 << 20);
    private final int[] starts = new int[MOST_ROWS + 1];

    /// 10 bits of bucket, 36 of the participant, 17 for the row's number.
    private final long[] places = new long[MOST_ROWS];

    private int rows;

    boolean isFull() {
        return rows == MOST_ROWS || bytes.position() >= ENOUGH_BYTES;
    }

    SortedRows begin(UUID participant, int fields) {
        long place = (long) Buckets.of(participant) << 36;
        place |= participant.getMostSignificantBits() >>> 28;
        places[rows] = place << 17 | rows;
        starts[rows++] = bytes.position();
        room(Short.BYTES).putShort((short) fields);
        return this;
    }

    private SortedRows add(long number) {
        room(Integer.BYTES + Long.BYTES).putInt(Long.BYTES).putLong(number);
        return this;
    }

    SortedRows add(UUID id) {
        room(Integer.BYTES + 2 * Long.BYTES)
                .putInt(2 * Long.BYTES)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits());
        return this;
    }

    SortedRows add(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        room(Integer.BYTES + utf8.length).putInt(utf8.length).put(utf8);
        return this;
    }

    /// To the nearest microsecond.
    SortedRows add(@Nullable Instant instant) {
        if (instant == null) {
            room(Integer.BYTES).putInt(NULL);
            return this;
        }
        return add(micros(instant));
    }

    /// As Postgres counts them.
    static long micros(Instant instant) {
        return (instant.getEpochSecond() - EPOCH) * 1_000_000 + (instant.getNano() + 500) / 1000;
    }

    /// Empties this.
    ///
    /// @param ending the last fields, which are the same in all rows
    void drainTo(CopyIn copy, byte[] ending) throws SQLException {
        Arrays.sort(places, 0, rows);
        starts[rows] = bytes.position();
        var block = ByteBuffer.allocate(BLOCK);
        for (int i = 0; i < rows; i++) {
            int row = (int) places[i] & (MOST_ROWS - 1);
            int length = starts[row + 1] - starts[row];
            if (length + ending.length > block.remaining()) {
                copy.writeToCopy(block.array(), 0, block.position());
                block.clear();
            }
            if (length + ending.length > block.remaining()) {
                copy.writeToCopy(bytes.array(), starts[row], length);
            } else {
                block.put(bytes.array(), starts[row], length);
            }
            block.put(ending);
        }
        copy.writeToCopy(block.array(), 0, block.position());
        bytes.clear();
        rows = 0;
    }

    private ByteBuffer room(int needed) {
        if (bytes.remaining() < needed) {
            int larger = Math.max(2 * bytes.capacity(), bytes.position() + needed);
            bytes = ByteBuffer.allocate(larger).put(bytes.flip());
        }
        return bytes;
    }
}
