package reconciler.intake.workbook;

import java.io.IOException;

/// A workbook, or a zip file, cannot be read; the message says why and what to do.
public final class UnusableWorkbook extends IOException {
    UnusableWorkbook(String message) {
        super(message);
    }

    UnusableWorkbook(String message, Exception cause) {
        super(message, cause);
    }

    static UnusableWorkbook damaged(String part, Exception cause) {
        return new UnusableWorkbook(
                "the workbook is cut off or damaged: its part "
                        + part
                        + " cannot be read; save it anew",
                cause);
    }
}
