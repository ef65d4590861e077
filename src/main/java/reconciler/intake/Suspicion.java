package reconciler.intake;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a name or a value looks like when a spreadsheet or a wrong encoding has spoilt it. It is
/// queued all the same, with a warning: it may be meant.
final class Suspicion {
    private static final Set<String> ERRORS =
            Set.of(
                    "#REF!",
                    "#N/A",
                    "#VALUE!",
                    "#NAME?",
                    "#DIV/0!",
                    "#NULL!",
                    "#NUM!",
                    "#SPILL!",
                    "#CALC!",
                    "#FIELD!",
                    "#BLOCKED!",
                    "#CONNECT!",
                    "#GETTING_DATA",
                    "#UNKNOWN!");

    private static final Pattern TOO_NARROW = Pattern.compile("#{2,}");
    private static final Pattern SCIENTIFIC = Pattern.compile("[+-]?\\d(?:[.,]\\d+)?E[+-]\\d{2,3}");
    private static final Charset WINDOWS = Charset.forName("windows-1252");

    private Suspicion() {}

    /// @return null when there is none
    static @Nullable String ofName(String name) {
        if (name.isEmpty()) {
            return null;
        }
        if (Blanks.isUnseen(name.charAt(0)) || Blanks.isUnseen(name.charAt(name.length() - 1))) {
            return "blanks or zero-width characters around the name are part of it";
        }
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) > '~' && Blanks.hasNoWidth(name.charAt(i))) {
                return "the name contains " + Blanks.name(name.charAt(i));
            }
        }
        return ofText(name);
    }

    /// Never tells the value.
    ///
    /// @return null when there is none
    static @Nullable String ofValue(String value) {
        if (value.isEmpty()) {
            return null;
        }
        char first = value.charAt(0);
        if (first == '#') {
            if (ERRORS.contains(value)) {
                return "the value is an error of a spreadsheet, such as #REF!";
            }
            if (TOO_NARROW.matcher(value).matches()) {
                return "the value is #, repeated, as a spreadsheet shows what does not fit its column";
            }
        } else if (first <= '9') {
            if (value.indexOf('E') > 0 && SCIENTIFIC.matcher(value).matches()) {
                return "the value is a number in scientific notation, whose digits a spreadsheet has dropped";
            }
            if ((first == ' ' || first == '\t') && value.stripLeading().startsWith("\"")) {
                return "a quote after a blank does not quote: both are part of the value";
            }
        }
        return ofText(value);
    }

    private static @Nullable String ofText(String text) {
        boolean isForeign = false;
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            if (character == '\uFFFD') {
                return "U+FFFD stands where a character was lost, when the file was read in a wrong encoding";
            }
            if ((character < ' ' && character != '\t' && character != '\n' && character != '\r')
                    || character == '\u007F') {
                return "the control character U+%04X".formatted((int) character);
            }
            isForeign |= character >= '\u00C2' && character <= '\u00F4';
        }
        return isForeign && isMisread(text)
                ? "letters such as \u00C3\u00A9 show UTF-8 that was read as windows-1252"
                : null;
    }

    /// Its bytes in windows-1252 are UTF-8: hardly a text that anybody wrote.
    private static boolean isMisread(String text) {
        try {
            ByteBuffer bytes = WINDOWS.newEncoder().encode(CharBuffer.wrap(text));
            StandardCharsets.UTF_8.newDecoder().decode(bytes);
            return true;
        } catch (CharacterCodingException _) {
            return false;
        }
    }
}
