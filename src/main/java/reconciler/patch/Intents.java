package reconciler.patch;

import org.jspecify.annotations.Nullable;
import reconciler.outcome.Intent;

/// Where a request is written down before it goes on the wire. Called by many virtual threads at
/// once.
@FunctionalInterface
public interface Intents {
    /// Returns when the intent is on record where it outlives this process.
    ///
    /// @param opensTurn whether it is its participant's first request: what continues a turn goes
    ///   before what begins one
    /// @return null when it could not be written: nothing may be sent
    @Nullable Recorded record(Intent intent, boolean opensTurn);

    /// An intent on record.
    @FunctionalInterface
    interface Recorded extends AutoCloseable {
        /// The request is about to go, or will not be sent; only the first call counts.
        @Override
        void close();
    }
}
