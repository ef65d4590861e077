package reconciler.patch;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reconciler.outcome.Attempt;
import reconciler.outcome.Evidence;

/// Where requests are written down, before they are sent and afterwards.
interface Notes {
    /// For looks that serve no turn and change nothing: written down once they are answered.
    ///
    /// @param answered is told of each that went on the wire
    static Notes of(Consumer<Attempt> answered) {
        return new Notes() {
            @Override
            public Intents.Recorded intend(ApiRequest request) {
                return () -> {};
            }

            @Override
            public void record(Reply.Tried tried, Evidence evidence, @Nullable String kept) {
                if (tried.wasSent()) {
                    answered.accept(tried.attempt(evidence, kept));
                }
            }
        };
    }

    /// Writes down that a request is about to go on the wire.
    ///
    /// @return null when it must not
    Intents.@Nullable Recorded intend(ApiRequest request);

    /// Writes down a request, if it went on the wire.
    ///
    /// @param kept the error body, where there is one
    void record(Reply.Tried tried, Evidence evidence, @Nullable String kept);
}
