package reconciler.audit;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;
import java.util.stream.Collectors;

/// The types of sealed columns, and how the binary form of Postgres reads as text: numbers in
/// decimal, times in microseconds since 1970, bytes in hex.
enum FieldType {
    INT2(21),
    INT4(23),
    INT8(20),
    UUID(2950),
    BOOL(16),
    BYTEA(17),
    /// Microseconds; Postgres counts from 2000.
    TIME(1184),
    INT8S(1016),
    /// And whatever else somebody makes of a column: its leaf does not match, and says so.
    TEXT(25);

    private static final long MICROS_TO_2000 = 946_684_800_000_000L;

    /// Postgres's own number of the type.
    private final int oid;

    FieldType(int oid) {
        this.oid = oid;
    }

    static FieldType of(int oid) {
        return Arrays.stream(values()).filter(type -> type.oid == oid).findFirst().orElse(TEXT);
    }

    /// @param binary at the beginning of the field
    String text(ByteBuffer binary, int length) {
        return switch (this) {
            case INT2 -> String.valueOf(binary.getShort());
            case INT4 -> String.valueOf(binary.getInt());
            case INT8 -> String.valueOf(binary.getLong());
            case UUID -> new UUID(binary.getLong(), binary.getLong()).toString();
            case BOOL -> String.valueOf(binary.get() != 0);
            case BYTEA -> HexFormat.of().formatHex(bytes(binary, length));
            case TIME -> time(binary.getLong());
            case INT8S ->
                    Arrays.stream(numbers(binary))
                            .mapToObj(String::valueOf)
                            .collect(Collectors.joining(" "));
            case TEXT -> new String(bytes(binary, length), StandardCharsets.UTF_8);
        };
    }

    /// Microseconds since 1970 of a time; as far as a long goes.
    static long micros(ByteBuffer binary) {
        long since2000 = binary.getLong();
        return since2000 > Long.MAX_VALUE - MICROS_TO_2000
                ? Long.MAX_VALUE
                : since2000 + MICROS_TO_2000;
    }

    /// The numbers of an array: dimensions, whether there are nulls, the elements' type; for each
    /// dimension its size and lower bound; then each element with its length.
    static long[] numbers(ByteBuffer array) {
        int dimensions = array.getInt();
        array.getLong();
        int size = dimensions == 0 ? 0 : 1;
        for (int i = 0; i < dimensions; i++) {
            size *= array.getInt();
            array.getInt();
        }
        long[] numbers = new long[size];
        int found = 0;
        for (int i = 0; i < size; i++) {
            int length = array.getInt();
            if (length == Long.BYTES) {
                numbers[found++] = array.getLong();
            } else {
                array.position(array.position() + Math.max(0, length));
            }
        }
        return found == size ? numbers : Arrays.copyOf(numbers, found);
    }

    private static String time(long since2000) {
        if (since2000 == Long.MAX_VALUE) {
            return "infinity";
        }
        if (since2000 == Long.MIN_VALUE) {
            return "-infinity";
        }
        return BigInteger.valueOf(since2000).add(BigInteger.valueOf(MICROS_TO_2000)).toString();
    }

    private static byte[] bytes(ByteBuffer binary, int length) {
        byte[] bytes = new byte[length];
        binary.get(bytes);
        return bytes;
    }
}
