package reconciler.intake;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The file as a whole cannot be taken: reading on would only guess.
final class FileRefused extends IOException {
    private final List<String> reasons;

    FileRefused(List<String> reasons) {
        super(String.join("\n", reasons));
        this.reasons = List.copyOf(reasons);
    }

    FileRefused(String reason) {
        this(List.of(reason));
    }

    List<String> reasons() {
        return reasons;
    }

    /// The one among the causes of what a reader threw; null when there is none.
    static @Nullable FileRefused among(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof FileRefused refused) {
                return refused;
            }
        }
        return null;
    }
}
