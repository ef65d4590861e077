package reconciler.cli;

/// Text that came from outside, on its way to a terminal: control characters could move the cursor
/// or fake a line.
final class PlainText {
    private PlainText() {}

    static String oneLine(String text) {
        var plain = new StringBuilder(text.length());
        text.codePoints()
                .forEach(point -> {
                    if (Character.getType(point) == Character.CONTROL
                            || Character.getType(point) == Character.FORMAT) {
                        plain.append("\\u%04x".formatted(point));
                    } else {
                        plain.appendCodePoint(point);
                    }
                });
        return plain.toString();
    }
}
