package reconciler.intake;

import java.io.IOException;
import java.util.List;

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
}
