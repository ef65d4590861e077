package reconciler.fault;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// A point in what a client says on one connection: words in their order, for example the statement
/// and the COMMIT after it. There the connection is held, so that the client can be killed exactly
/// there; the other connections go on. A trap springs once.
public final class Trap {
    /// Longer than any of the words, for those that two portions share.
    private static final int TAIL = 200;

    private final Held held;
    private final List<String> words;
    private final AtomicInteger remaining;
    private final CountDownLatch sprung = new CountDownLatch(1);

    /// What does not get through.
    public enum Held {
        /// What the client says, from the portion with the last word on.
        REQUEST,
        /// What it is answered to that; it arrives and takes effect.
        ANSWER
    }

    private Trap(Held held, int occurrence, String... words) {
        this.held = held;
        this.words = List.of(words);
        remaining = new AtomicInteger(occurrence);
    }

    /// Never springs.
    static Trap none() {
        var none = new Trap(Held.REQUEST, 1, "");
        none.sprung.countDown();
        return none;
    }

    /// @param occurrence springs when it is said for this time, counted over all connections
    public static Trap before(int occurrence, String... words) {
        return new Trap(Held.REQUEST, occurrence, words);
    }

    /// As [#before], but what is said arrives, and the answer does not.
    public static Trap beforeTheAnswer(int occurrence, String... words) {
        return new Trap(Held.ANSWER, occurrence, words);
    }

    public boolean isSprung() {
        return sprung.getCount() == 0;
    }

    /// For one connection.
    Watch watch() {
        return new Watch();
    }

    /// Reads along on one connection.
    final class Watch {
        private final StringBuilder said = new StringBuilder();
        private int heard;
        private volatile boolean caught;

        /// @return whether this portion of the client's must not pass
        synchronized boolean holdsRequest(byte[] portion, int length) {
            if (!caught && !isSprung()) {
                said.append(new String(portion, 0, length, StandardCharsets.ISO_8859_1));
                listen();
                said.delete(0, Math.max(0, said.length() - TAIL));
            }
            return caught && held == Held.REQUEST;
        }

        /// The answer is there, so what was said has taken effect.
        boolean holdsAnswer() {
            boolean holds = caught && held == Held.ANSWER;
            if (holds) {
                sprung.countDown();
            }
            return holds;
        }

        private void listen() {
            int at = said.indexOf(words.get(heard));
            while (at >= 0 && !caught) {
                said.delete(0, at + words.get(heard).length());
                heard++;
                if (heard == words.size()) {
                    heard = 0;
                    if (remaining.decrementAndGet() == 0) {
                        caught = true;
                        if (held == Held.REQUEST) {
                            sprung.countDown();
                        }
                    }
                }
                at = said.indexOf(words.get(heard));
            }
        }
    }
}
