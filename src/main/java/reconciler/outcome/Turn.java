package reconciler.outcome;

import java.util.List;

/// Everything that came of one participant's turn: exactly one settlement per change, and every
/// request that was made.
public record Turn(List<Settlement> settlements, List<Attempt> attempts) {
    public Turn {
        settlements = List.copyOf(settlements);
        attempts = List.copyOf(attempts);
    }
}
