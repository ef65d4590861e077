package reconciler.patch;

import java.time.Duration;
import reconciler.outcome.Evidence;

/// What reading a conversation came to, in the end.
sealed interface Reading {
    record Found(Conversation conversation, Evidence evidence) implements Reading {}

    /// There is nothing to read, or not for us; asking again is pointless.
    record Unreachable(Evidence evidence) implements Reading {}

    /// The tries are used up.
    record Failed(Evidence evidence) implements Reading {}

    /// The API asks for a longer pause than is waited out.
    record Postponed(Duration pause, Evidence evidence) implements Reading {}

    /// It was not or must not be read any more: a stop, a halt, a lost lease.
    record Withheld() implements Reading {}
}
