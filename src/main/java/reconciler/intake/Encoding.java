package reconciler.intake;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// In which encoding a text is: by its byte order mark, by the operator's word, or UTF-8. Never by
/// a guess.
record Encoding(Charset charset) {
    static final int LONGEST_MARK = 4;

    /// The marks of UTF-32 come first: one of them begins as a mark of UTF-16.
    private static final List<Mark> MARKS =
            List.of(
                    new Mark(Charset.forName("UTF-32LE"), "fffe0000"),
                    new Mark(Charset.forName("UTF-32BE"), "0000feff"),
                    new Mark(StandardCharsets.UTF_8, "efbbbf"),
                    new Mark(StandardCharsets.UTF_16LE, "fffe"),
                    new Mark(StandardCharsets.UTF_16BE, "feff"));

    private record Mark(Charset charset, String hex) {}

    /// @param beginning at least its first four bytes, where it has so many
    /// @param named by the operator; null: nothing was
    static Encoding of(byte[] beginning, int length, @Nullable Charset named) throws FileRefused {
        String hex = HexFormat.of().formatHex(beginning, 0, Math.min(length, LONGEST_MARK));
        for (Mark mark : MARKS) {
            if (hex.startsWith(mark.hex)) {
                return marked(mark.charset, named);
            }
        }
        if (named != null && (isOf(named, "UTF-16") || isOf(named, "UTF-32"))) {
            throw new FileRefused(
                    named
                            + " has two orders of its bytes, and the file has no byte order mark: use --encoding "
                            + named
                            + "LE or "
                            + named
                            + "BE");
        }
        return new Encoding(named == null ? StandardCharsets.UTF_8 : named);
    }

    private static Encoding marked(Charset marked, @Nullable Charset named) throws FileRefused {
        if (named != null && !marked.name().startsWith(named.name())) {
            throw new FileRefused(
                    "the file begins with the byte order mark of "
                            + marked
                            + ", and --encoding says "
                            + named
                            + ": leave --encoding out");
        }
        if (named == null && marked.name().startsWith("UTF-32")) {
            throw new FileRefused(
                    "the file begins with the byte order mark of "
                            + marked
                            + ", which hardly any program writes on purpose: save the file as UTF-8, or use --encoding "
                            + marked);
        }
        return new Encoding(marked);
    }

    /// @param octet the first that does not belong there
    FileRefused refusal(long line, byte octet) {
        String found =
                "line " + line + ": the byte 0x%02X is not ".formatted(octet & 0xFF) + charset;
        return new FileRefused(
                charset.equals(StandardCharsets.UTF_8)
                        ? found
                                + ": save the file as UTF-8, or name its encoding, such as --encoding windows-1252"
                        : found + ": name the encoding that the file was saved in");
    }

    private static boolean isOf(Charset charset, String name) {
        return charset.name().equals(name);
    }
}
