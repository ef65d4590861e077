package reconciler.intake;

/// What of a file says nothing and was passed over.
///
/// @param blankRows rows of nothing but separators and blanks
/// @param emptyColumns columns at the right without a name or any content
/// @param endMarks a Ctrl-Z at the end of the file, as DOS programs leave it: 0 or 1
public record Skipped(long blankRows, long emptyColumns, long endMarks) {
    static final Skipped NOTHING = new Skipped(0, 0, 0);
}
