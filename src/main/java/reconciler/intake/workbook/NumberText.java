package reconciler.intake.workbook;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A number of a cell as a person would write it: with the 15 digits that a spreadsheet keeps, and
/// never in scientific notation.
final class NumberText {
    static final int DIGITS = 15;

    private static final Pattern NUMBER =
            Pattern.compile("-?[0-9]{1,40}(\\.[0-9]{1,400})?([eE][+-]?[0-9]{1,3})?");
    private static final MathContext KEPT = new MathContext(DIGITS, RoundingMode.HALF_UP);

    private NumberText() {}

    /// @return null when it is no number
    static @Nullable String of(String stored) {
        if (stored.length() < DIGITS && isDigits(stored)) {
            return stored;
        }
        if (!NUMBER.matcher(stored).matches()) {
            return null;
        }
        BigDecimal number = new BigDecimal(stored).round(KEPT);
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }

    /// Whether it is a whole number whose last digits a spreadsheet has dropped.
    static boolean isCutOff(String text) {
        int whole = text.indexOf('.') < 0 ? text.length() : text.indexOf('.');
        return whole - (text.startsWith("-") ? 1 : 0) > DIGITS;
    }

    private static boolean isDigits(String text) {
        if (text.isEmpty() || (text.charAt(0) == '0' && text.length() > 1)) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }
}
