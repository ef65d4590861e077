package reconciler.intake;

import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/// What cannot be seen in a file itself, or is decided by the operator.
///
/// @param delimiter between the columns of CSV; null: whichever the header line has most of
/// @param escapedFormulas the file was written by `-o csv`, which puts an apostrophe before what a
///   spreadsheet would take for a formula
/// @param encoding of a text; null: the one of its byte order mark, and UTF-8 where it has none
/// @param sheet of a workbook, by name or by number from 1; null: the first
public record FileForm(
        @Nullable Character delimiter,
        boolean escapedFormulas,
        @Nullable Charset encoding,
        @Nullable String sheet) {
    public static final FileForm DETECTED = new FileForm(null, false, null, null);

    public FileForm separatedBy(@Nullable Character separator) {
        return new FileForm(separator, escapedFormulas, encoding, sheet);
    }

    public FileForm withEscapedFormulas(boolean escaped) {
        return new FileForm(delimiter, escaped, encoding, sheet);
    }

    public FileForm encodedIn(@Nullable Charset charset) {
        return new FileForm(delimiter, escapedFormulas, charset, sheet);
    }

    public FileForm ofSheet(@Nullable String name) {
        return new FileForm(delimiter, escapedFormulas, encoding, name);
    }
}
