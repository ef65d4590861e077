package reconciler.simulator;

import java.util.SplittableRandom;
import java.util.UUID;
import java.util.random.RandomGenerator;

/// Makes up participants: every conversation has a customer, about one in nine an agent as well.
final class Residents {

    private final RandomGenerator random;

    Residents(long seed) {
        this.random = new SplittableRandom(seed);
    }

    void moveInto(Conversations conversations, int participants) {
        int placed = 0;
        while (placed < participants) {
            String conversationId = identifier();
            conversations.add(conversationId, identifier(), "customer");
            placed++;
            if (random.nextInt(9) == 0 && placed < participants) {
                conversations.add(conversationId, identifier(), "agent");
                placed++;
            }
        }
    }

    /// Shaped like the random identifiers of the real API, version and variant included.
    private String identifier() {
        long high = (random.nextLong() & ~0xF000L) | 0x4000L;
        long low = (random.nextLong() & ~(0b11L << 62)) | (0b10L << 62);
        return new UUID(high, low).toString();
    }
}
