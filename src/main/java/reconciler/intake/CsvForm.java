package reconciler.intake;

import org.jspecify.annotations.Nullable;

/// How a CSV file is written.
///
/// @param hasSeparatorLine whether its first line is `sep=` with the delimiter
/// @param hasBlanksBeforeQuotes whether blanks around a quoted field are no part of it
record CsvForm(
        char delimiter,
        boolean hasSeparatorLine,
        boolean hasBlanksBeforeQuotes,
        boolean escapedFormulas) {
    static CsvForm of(Beginning beginning, FileForm form) throws FileRefused {
        @Nullable Character separator = beginning.separator();
        @Nullable Character asked = form.delimiter();
        if (separator != null && asked != null && !separator.equals(asked)) {
            throw new FileRefused(
                    "line 1: says that the delimiter is "
                            + words(separator)
                            + ", and --delimiter says "
                            + words(asked)
                            + ": leave --delimiter out");
        }
        char delimiter =
                separator != null ? separator : asked != null ? asked : beginning.delimiter();
        return new CsvForm(
                delimiter,
                separator != null,
                beginning.hasBlanksBeforeQuotes(),
                form.escapedFormulas());
    }

    String words() {
        return "CSV separated by " + words(delimiter);
    }

    private static String words(char delimiter) {
        return switch (delimiter) {
            case ',' -> "commas";
            case ';' -> "semicolons";
            case '\t' -> "tabs";
            default -> "the character " + delimiter;
        };
    }
}
