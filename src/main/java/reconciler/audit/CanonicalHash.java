package reconciler.audit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The hashes of the audit, by the format in `R__1_functions.sql` under "Seals". Not thread-safe:
/// it keeps its buffer.
final class CanonicalHash {
    private static final byte LEAF = 0;
    private static final byte NODE = 1;
    private static final byte SEAL = 2;

    /// So many children at most has a node.
    private static final int CHILDREN = 16;

    private final MessageDigest sha256 = sha256();
    private byte[] buffer = new byte[4_096];
    private int length;

    /// The leaf of a record of the journal.
    ///
    /// @param table its name without the schema
    /// @param fields as text in UTF-8, in the order of the format
    byte[] leaf(String table, byte[] @Nullable [] fields) {
        return hash(LEAF, table, fields);
    }

    /// The leaf of an attempt or an outcome: over its binary form, as `record_send` writes it.
    byte[] binaryLeaf(BinaryRecord record) {
        return sha256.digest(record.bytes());
    }

    byte[] seal(byte[] @Nullable [] fields) {
        return hash(SEAL, "seal", fields);
    }

    /// The root over leaves; at least one.
    byte[] root(List<byte[]> leaves) {
        List<byte[]> level = leaves;
        while (level.size() > 1) {
            List<byte[]> above = new ArrayList<>();
            for (int i = 0; i < level.size(); i += CHILDREN) {
                above.add(node(level.subList(i, Math.min(i + CHILDREN, level.size()))));
            }
            level = above;
        }
        return level.getFirst();
    }

    /// The commitment to a value.
    byte[] commitment(byte[] salt, byte[] value) {
        sha256.update(salt);
        return sha256.digest(value);
    }

    /// Plain sha-256 over the parts, one after the other.
    byte[] plain(List<byte[]> parts) {
        parts.forEach(sha256::update);
        return sha256.digest();
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private byte[] node(List<byte[]> children) {
        if (children.size() == 1) {
            return children.getFirst();
        }
        sha256.update(NODE);
        children.forEach(sha256::update);
        return sha256.digest();
    }

    private byte[] hash(byte kind, String name, byte[] @Nullable [] fields) {
        length = 0;
        append(kind);
        append(utf8(name));
        for (byte[] field : fields) {
            if (field == null) {
                append((byte) '-');
            } else {
                append(field);
            }
        }
        return digest();
    }

    private byte[] digest() {
        sha256.update(buffer, 0, length);
        return sha256.digest();
    }

    private void append(byte[] field) {
        byte[] digits = utf8(Integer.toString(field.length));
        room(digits.length + field.length + 2);
        System.arraycopy(digits, 0, buffer, length, digits.length);
        length += digits.length;
        buffer[length++] = ':';
        System.arraycopy(field, 0, buffer, length, field.length);
        length += field.length;
        buffer[length++] = ',';
    }

    private void append(byte one) {
        room(1);
        buffer[length++] = one;
    }

    private void room(int more) {
        if (length + more > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, length + more));
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
