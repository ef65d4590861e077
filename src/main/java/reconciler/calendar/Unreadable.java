package reconciler.calendar;

/// A text that is no time, schedule or zone. The message is a clause that says why and what to
/// write instead; it quotes single characters and numbers of the text at most.
public final class Unreadable extends RuntimeException {
    Unreadable(String reason) {
        super(reason);
    }

    /// Never null, unlike a message.
    public String reason() {
        return String.valueOf(getMessage());
    }
}
