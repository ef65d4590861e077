package reconciler.intake;

import org.jspecify.annotations.Nullable;

/// What cannot be seen in a file itself.
///
/// @param delimiter between the columns of CSV; null: whichever the header line has most of
/// @param escapedFormulas the file was written by `-o csv`, which puts an apostrophe before what a
///   spreadsheet would take for a formula
public record FileForm(@Nullable Character delimiter, boolean escapedFormulas) {
    public static final FileForm DETECTED = new FileForm(null, false);
}
