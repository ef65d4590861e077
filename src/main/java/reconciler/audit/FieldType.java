package reconciler.audit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;

/// The types of sealed columns in the binary form of Postgres, made from the text we read.
enum FieldType {
    INT4(23),
    INT8(20),
    TEXT(25),
    UUID(2950),
    BOOL(16),
    BYTEA(17),
    /// Text in microseconds since 1970; Postgres counts from 2000.
    TIME(1184),
    /// Text with blanks between the numbers.
    INT8S(1016);

    private static final long MICROS_TO_2000 = 946_684_800_000_000L;

    /// Postgres's own number of the type.
    private final int oid;

    FieldType(int oid) {
        this.oid = oid;
    }

    int oid() {
        return oid;
    }

    byte[] binary(byte[] text) {
        return switch (this) {
            case TEXT -> text;
            case INT4 -> ByteBuffer.allocate(4).putInt(Integer.parseInt(ascii(text))).array();
            case INT8 -> int8(Long.parseLong(ascii(text)));
            case TIME -> int8(Long.parseLong(ascii(text)) - MICROS_TO_2000);
            case BOOL -> new byte[] {(byte) (text[0] == 't' ? 1 : 0)};
            case BYTEA -> HexFormat.of().parseHex(ascii(text));
            case UUID -> {
                UUID uuid = java.util.UUID.fromString(ascii(text));
                yield ByteBuffer.allocate(16)
                        .putLong(uuid.getMostSignificantBits())
                        .putLong(uuid.getLeastSignificantBits())
                        .array();
            }
            case INT8S -> int8s(ascii(text));
        };
    }

    private static byte[] int8(long number) {
        return ByteBuffer.allocate(8).putLong(number).array();
    }

    /// Dimensions, whether there are nulls, the type of the elements; then the only dimension's
    /// size and lower bound, and each element with its length.
    private static byte[] int8s(String text) {
        if (text.isEmpty()) {
            return ByteBuffer.allocate(12).putInt(0).putInt(0).putInt(INT8.oid).array();
        }
        long[] numbers = Arrays.stream(text.split(" ", -1)).mapToLong(Long::parseLong).toArray();
        ByteBuffer array = ByteBuffer.allocate(20 + 12 * numbers.length);
        array.putInt(1).putInt(0).putInt(INT8.oid).putInt(numbers.length).putInt(1);
        for (long number : numbers) {
            array.putInt(8).putLong(number);
        }
        return array.array();
    }

    private static String ascii(byte[] text) {
        return new String(text, StandardCharsets.ISO_8859_1);
    }
}
