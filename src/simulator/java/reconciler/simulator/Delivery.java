package reconciler.simulator;

import java.time.Duration;

/// How an answer leaves, or does not.
sealed interface Delivery {

    /// As HTTP wants it.
    record Whole() implements Delivery {}

    /// In pieces, spread over the given time.
    record Slowly(Duration length) implements Delivery {}

    /// Packed: so many blanks behind the body, in a few bytes on the wire.
    record Inflated(int blanks) implements Delivery {}

    /// Whole; then the connection is closed although it was said to stay open.
    record ThenClosed() implements Delivery {}

    /// Not at all: the connection is closed.
    record Dropped() implements Delivery {}

    /// Not at all: the connection stays open for the given time, then it is closed.
    record Held(Duration length) implements Delivery {}
}
