package reconciler.audit;

import java.time.Instant;

/// The end of the journal at some moment, and with it of everything recorded until then.
///
/// @param number how many seals the journal has; 0 while it has none
/// @param hash of the last of them, in hex
public record Head(long number, String hash, Instant sealedAt) {
    static final Head NONE = new Head(0, "0".repeat(64), Instant.EPOCH);

    /// One line of an anchor file.
    public String inOneLine() {
        return number + " " + hash + " " + sealedAt;
    }
}
