package reconciler.intake.workbook;

import java.io.IOException;

/// A text in runs of different fonts; how it is pronounced, which some languages add, is no part of
/// it.
final class RichText {
    private RichText() {}

    /// Of the present element, up to its end.
    static String of(XmlPart part) throws IOException {
        String element = part.element();
        String only = "";
        StringBuilder several = null;
        while (part.next() && !part.isEnd(element)) {
            if (part.isStart("t")) {
                String text = part.text();
                if (several == null && only.isEmpty()) {
                    only = text;
                } else {
                    several = several == null ? new StringBuilder(only) : several;
                    several.append(text);
                }
                if (several != null && several.length() > XmlPart.LONGEST_TEXT) {
                    throw new UnusableWorkbook(
                            "the workbook has a text of more than "
                                    + XmlPart.LONGEST_TEXT
                                    + " characters");
                }
            } else if (part.isStart("rPh")) {
                part.skip();
            }
        }
        return EscapedText.unescaped(several == null ? only : several.toString());
    }
}
