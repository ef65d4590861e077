package reconciler.intake;

import org.jspecify.annotations.Nullable;

/// What looks spoilt in a line that is queued all the same. Never holds an attribute value.
///
/// @param line on which the record starts; the header is line 1
/// @param column null when the line as a whole is meant
public record LineWarning(long line, @Nullable String column, String reason) {
    /// Where it is refused.
    BadLine refused() {
        return new BadLine(line, column, reason + " (refused by --strict)");
    }

    @Override
    public String toString() {
        return "line " + line + ": " + (column == null ? "" : column + ": ") + reason;
    }
}
