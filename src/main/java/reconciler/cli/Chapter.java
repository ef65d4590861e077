package reconciler.cli;

import java.time.Instant;
import java.util.List;

/// Something that happened to a change, in words.
///
/// @param headline fits a line, as a rule
/// @param details what belongs to it, each a line of its own for people
record Chapter(Instant when, String headline, List<String> details) {
    Chapter {
        details = List.copyOf(details);
    }

    Chapter(Instant when, String headline) {
        this(when, headline, List.of());
    }

    /// All of it as one sentence, for programs.
    String what() {
        return details.isEmpty() ? headline : headline + ": " + String.join("; ", details);
    }
}
