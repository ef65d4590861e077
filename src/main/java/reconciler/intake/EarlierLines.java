package reconciler.intake;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import reconciler.change.Participant;

/// On which line something stood before, and a number that was noted with it. Holds 128 bits of a
/// sha-256 for each, not the thing: 32 to 64 bytes a line, so a file of the greatest size takes 50
/// MB.
final class EarlierLines {
    private final MessageDigest digest;
    private final ByteBuffer participantBytes = ByteBuffer.allocate(4 * Long.BYTES);
    private long[] high = new long[1024];
    private long[] low = new long[1024];

    /// 0 where a slot is free.
    private int[] lines = new int[1024];

    private int[] notes = new int[1024];
    private int count;

    EarlierLines() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// A key of this class; short-lived.
    record Key(long high, long low) {}

    Key key(Participant participant, String name) {
        participantBytes
                .clear()
                .putLong(participant.conversationId().getMostSignificantBits())
                .putLong(participant.conversationId().getLeastSignificantBits())
                .putLong(participant.participantId().getMostSignificantBits())
                .putLong(participant.participantId().getLeastSignificantBits());
        digest.update(participantBytes.array());
        ByteBuffer hash = ByteBuffer.wrap(digest.digest(name.getBytes(StandardCharsets.UTF_8)));
        return new Key(hash.getLong(), hash.getLong());
    }

    int size() {
        return count;
    }

    /// 0 when it did not stand anywhere.
    int lineOf(Key key) {
        return lines[slot(key.high(), key.low())];
    }

    /// What was noted with it; 0 when it did not stand anywhere.
    int noteOf(Key key) {
        return notes[slot(key.high(), key.low())];
    }

    void remember(Key key, int line, int note) {
        put(key.high(), key.low(), line, note);
        if (++count > lines.length / 2 + lines.length / 4) {
            grow();
        }
    }

    private void put(long keyHigh, long keyLow, int line, int note) {
        int slot = slot(keyHigh, keyLow);
        high[slot] = keyHigh;
        low[slot] = keyLow;
        lines[slot] = line;
        notes[slot] = note;
    }

    private int slot(long keyHigh, long keyLow) {
        int mask = lines.length - 1;
        int slot = (int) keyHigh & mask;
        while (lines[slot] != 0 && (high[slot] != keyHigh || low[slot] != keyLow)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        long[] oldHigh = high;
        long[] oldLow = low;
        int[] oldLines = lines;
        int[] oldNotes = notes;
        high = new long[2 * oldLines.length];
        low = new long[2 * oldLines.length];
        lines = new int[2 * oldLines.length];
        notes = new int[2 * oldLines.length];
        for (int i = 0; i < oldLines.length; i++) {
            if (oldLines[i] != 0) {
                put(oldHigh[i], oldLow[i], oldLines[i], oldNotes[i]);
            }
        }
    }
}
