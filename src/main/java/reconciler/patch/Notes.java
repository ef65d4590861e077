package reconciler.patch;

import org.jspecify.annotations.Nullable;
import reconciler.outcome.Evidence;

/// Where requests are written down, before they are sent and afterwards.
interface Notes {
    /// For looks that serve no turn and change nothing.
    Notes NONE =
            new Notes() {
                @Override
                public Intents.Recorded intend(ApiRequest request) {
                    return () -> {};
                }

                @Override
                public void record(Reply.Tried tried, Evidence evidence, @Nullable String kept) {}
            };

    /// Writes down that a request is about to go on the wire.
    ///
    /// @return null when it must not
    Intents.@Nullable Recorded intend(ApiRequest request);

    /// Writes down a request, if it went on the wire.
    ///
    /// @param kept the error body, where there is one
    void record(Reply.Tried tried, Evidence evidence, @Nullable String kept);
}
