package reconciler.intake.workbook;

import org.jspecify.annotations.Nullable;

/// What a cell says.
///
/// @param text as it is meant
/// @param fault why its text cannot be taken; names the cell and never the text; null when it can
/// @param doubt why its text may be another than the one that a person sees; null without any
public record Cell(String text, @Nullable String fault, @Nullable String doubt) {
    static final Cell EMPTY = new Cell("", null, null);

    static Cell of(String text) {
        return text.isEmpty() ? EMPTY : new Cell(text, null, null);
    }

    /// Without the text.
    @Override
    public String toString() {
        return fault == null ? "a cell" : fault;
    }
}
