package reconciler.intake;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reconciler.change.KnownNames;

/// The first line: which column stands where.
record Header(List<String> names, Map<Column, Integer> positions) {
    private static final KnownNames KNOWN = new KnownNames(Column.labels());

    /// @throws FileRefused with everything that is wrong with it
    static Header of(int line, List<String> names) throws FileRefused {
        var positions = new EnumMap<Column, Integer>(Column.class);
        var problems = new ArrayList<String>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            if (!KNOWN.contains(name)) {
                problems.add(
                        "line " + line + ": unknown column " + Found.in(name) + hint(names, name));
            } else if (positions.putIfAbsent(Column.ALL.get(KNOWN.names().indexOf(name)), i)
                    != null) {
                problems.add("line " + line + ": the column \"" + name + "\" is there twice");
            }
        }
        for (Column column : Column.ALL) {
            if (column.isRequired() && !positions.containsKey(column)) {
                problems.add("line " + line + ": the column \"" + column.label() + "\" is missing");
            }
        }
        if (!problems.isEmpty()) {
            throw new FileRefused(problems);
        }
        return new Header(List.copyOf(names), positions);
    }

    private static String hint(List<String> names, String name) {
        return names.size() == 1 && (name.contains(";") || name.contains("\t"))
                ? ": columns are separated by commas"
                : KNOWN.hint(name);
    }

    int width() {
        return names.size();
    }

    /// Those of a rejects file have a new error in front.
    List<String> withoutError(List<String> fields) {
        List<String> kept = new ArrayList<>(fields);
        Integer position = positions.get(Column.ERROR);
        if (position != null && position < kept.size()) {
            kept.remove(position.intValue());
        }
        return kept;
    }

    /// The field of `column`; null when the file has no such column.
    @Nullable String field(List<String> fields, Column column) {
        Integer position = positions.get(column);
        return position == null ? null : fields.get(position);
    }
}
