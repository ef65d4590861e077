package reconciler.change;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What a plan saw of an attribute, without the value itself: enough to tell whether it is still
/// so.
///
/// @param hash sha256(salt || change id || value); null where there was no value
@SuppressWarnings("ArrayRecordComponent") // compared by isTo alone
public record Commitment(byte[] salt, byte @Nullable [] hash) {
    private static final int BYTES = 32;

    public static Commitment to(byte[] salt, long changeId, @Nullable String value) {
        return new Commitment(salt, value == null ? null : hash(salt, changeId, value));
    }

    /// To what nobody could see: no value is it.
    public static Commitment toNothingSeen(byte[] salt) {
        return new Commitment(salt, new byte[BYTES]);
    }

    /// Whether nobody saw what was there.
    public boolean isToNothingSeen() {
        return Arrays.equals(hash, new byte[BYTES]);
    }

    /// Whether this value is the one that was seen.
    public boolean isTo(long changeId, @Nullable String value) {
        if (value == null || hash == null) {
            return (value == null) == (hash == null);
        }
        return Arrays.equals(hash, hash(salt, changeId, value));
    }

    private static byte[] hash(byte[] salt, long changeId, String value) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(salt);
            sha256.update((changeId + ":").getBytes(StandardCharsets.UTF_8));
            return sha256.digest(value.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
