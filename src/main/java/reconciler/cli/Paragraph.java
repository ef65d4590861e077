package reconciler.cli;

import java.util.ArrayList;
import java.util.List;

/// Text in lines of a width.
final class Paragraph {
    private Paragraph() {}

    /// Broken at blanks, and within a word only where it is longer than a line.
    ///
    /// @param first the width of the first line, where it is another one
    static List<String> lines(String text, int first, int width) {
        List<String> lines = new ArrayList<>();
        String rest = text;
        int room = first;
        while (rest.length() > room) {
            int blank = rest.lastIndexOf(' ', room);
            int end = blank > 0 ? blank : room;
            lines.add(rest.substring(0, end));
            rest = rest.substring(end).stripLeading();
            room = width;
        }
        lines.add(rest);
        return lines;
    }
}
