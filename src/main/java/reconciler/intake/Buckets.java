package reconciler.intake;

import java.util.UUID;

/// Where the queue's index has a participant: the bucket that `reconciler.attribute_change`
/// computes with `uuid_hash_extended(participant_id, 0) & 1023`, Bob Jenkins' hash of 16 bytes.
/// Rows in the order of the index are stored faster; nothing else depends on it.
final class Buckets {
    private static final int SEED = 0x9e3779b9 + 16 + 3923095;

    private Buckets() {}

    static int of(UUID participant) {
        int a = SEED + littleEndian(participant.getMostSignificantBits() >>> 32);
        int b = SEED + littleEndian(participant.getMostSignificantBits());
        int c = SEED + littleEndian(participant.getLeastSignificantBits() >>> 32);
        a = (a - c) ^ Integer.rotateLeft(c, 4);
        c += b;
        b = (b - a) ^ Integer.rotateLeft(a, 6);
        a += c;
        c = (c - b) ^ Integer.rotateLeft(b, 8);
        b += a;
        a = (a - c) ^ Integer.rotateLeft(c, 16);
        c += b;
        b = (b - a) ^ Integer.rotateLeft(a, 19);
        a += c;
        c = (c - b) ^ Integer.rotateLeft(b, 4);
        b += a;
        a += littleEndian(participant.getLeastSignificantBits());
        c = (c ^ b) - Integer.rotateLeft(b, 14);
        a = (a ^ c) - Integer.rotateLeft(c, 11);
        b = (b ^ a) - Integer.rotateLeft(a, 25);
        c = (c ^ b) - Integer.rotateLeft(b, 16);
        a = (a ^ c) - Integer.rotateLeft(c, 4);
        b = (b ^ a) - Integer.rotateLeft(a, 14);
        c = (c ^ b) - Integer.rotateLeft(b, 24);
        return c & 1023;
    }

    private static int littleEndian(long bytes) {
        return Integer.reverseBytes((int) bytes);
    }
}
