package reconciler.intake;

/// How a message quotes what stands in a file: short, and without characters that a terminal obeys.
/// Never used for an attribute value.
final class Found {
    private static final int MOST = 60;

    private Found() {}

    static String in(String text) {
        if (text.isEmpty()) {
            return "nothing";
        }
        StringBuilder shown = new StringBuilder("\"");
        text.codePoints()
                .limit(MOST)
                .map(character -> isHarmless(character) ? character : '?')
                .forEach(shown::appendCodePoint);
        return shown.append(text.codePointCount(0, text.length()) > MOST ? "...\"" : "\"")
                .toString();
    }

    private static boolean isHarmless(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.UNASSIGNED ->
                    false;
            default -> true;
        };
    }
}
