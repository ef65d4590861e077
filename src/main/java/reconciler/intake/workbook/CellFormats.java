package reconciler.intake.workbook;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How the numbers of cells are shown, by the number of their style.
final class CellFormats {
    private static final int MOST = 100_000;
    private static final int LONGEST_CODE = 1_000;

    /// What is shown literally: in quotes, after a backslash, or in brackets that are no elapsed
    /// time.
    private static final Pattern LITERAL =
            Pattern.compile("\"[^\"]*\"?|\\\\.|[_*].|\\[(?![hHmMsS]+\\])[^\\]]*\\]");

    private static final Pattern DATE = Pattern.compile("[dDmMyYhHsS]");
    private static final Pattern PLAIN = Pattern.compile("General|@|0|#", Pattern.CASE_INSENSITIVE);

    private final List<Kind> kinds = new ArrayList<>();

    /// What a number is by the way it is shown.
    enum Kind {
        PLAIN,
        DATE,
        /// A percentage, a currency, leading zeros, fixed decimals.
        DECORATED
    }

    /// Those of a workbook without any.
    CellFormats() {}

    static CellFormats of(XmlPart part) throws IOException {
        var formats = new CellFormats();
        Map<Integer, String> codes = new HashMap<>();
        boolean inCells = false;
        while (part.next()) {
            if (part.isStart("numFmt")) {
                String code = part.attribute("formatCode");
                codes.put(
                        number(part, part.attribute("numFmtId")),
                        code == null
                                ? ""
                                : code.substring(0, Math.min(code.length(), LONGEST_CODE)));
            } else if (part.isStart("cellXfs")) {
                inCells = true;
            } else if (part.isEnd("cellXfs")) {
                inCells = false;
            } else if (inCells && part.isStart("xf")) {
                String id = part.attribute("numFmtId");
                formats.kinds.add(id == null ? Kind.PLAIN : kind(number(part, id), codes));
            }
            if (codes.size() > MOST || formats.kinds.size() > MOST) {
                throw new UnusableWorkbook("the workbook has more than " + MOST + " formats");
            }
        }
        return formats;
    }

    /// @param style -1: the cell has none
    Kind of(int style) {
        return style >= 0 && style < kinds.size() ? kinds.get(style) : Kind.PLAIN;
    }

    private static Kind kind(int id, Map<Integer, String> codes) {
        String code = codes.get(id);
        return code == null ? builtIn(id) : ofCode(code);
    }

    /// Those that a workbook does not spell out.
    private static Kind builtIn(int id) {
        if ((id >= 14 && id <= 22)
                || (id >= 27 && id <= 36)
                || (id >= 45 && id <= 47)
                || (id >= 50 && id <= 58)) {
            return Kind.DATE;
        }
        return id == 0 || id == 1 || id == 49 ? Kind.PLAIN : Kind.DECORATED;
    }

    static Kind ofCode(String code) {
        if (PLAIN.matcher(code).matches()) {
            return Kind.PLAIN;
        }
        String shown = LITERAL.matcher(code).replaceAll("").replaceAll("(?i)general", "");
        return DATE.matcher(shown).find() ? Kind.DATE : Kind.DECORATED;
    }

    private static int number(XmlPart part, @Nullable String text) throws IOException {
        if (text == null || !text.matches("[0-9]{1,9}")) {
            throw part.damaged();
        }
        return Integer.parseInt(text);
    }
}
