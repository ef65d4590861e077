package reconciler.intake;

import org.jspecify.annotations.Nullable;

/// One thing that is wrong with one line; a line may have several. Never holds an attribute value.
///
/// @param line on which the record starts; the header is line 1
/// @param column null when the line as a whole is wrong
public record BadLine(long line, @Nullable String column, String reason) {
    /// Without the line.
    String inTheLine() {
        return column == null ? reason : column + ": " + reason;
    }

    @Override
    public String toString() {
        return "line " + line + ": " + inTheLine();
    }
}
