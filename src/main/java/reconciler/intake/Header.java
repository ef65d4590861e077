package reconciler.intake;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reconciler.change.KnownNames;

/// Which column stands where.
///
/// @param attributes the columns of the wide form; none in the long form
/// @param problems whatever is wrong with it
record Header(
        List<String> names,
        Map<Column, Integer> positions,
        List<Attributes> attributes,
        boolean emptyIsUntouched,
        List<String> problems) {
    private static final KnownNames KNOWN = new KnownNames(Column.labels());

    /// A column of the wide form: one attribute.
    record Attributes(int position, String name) {
        static final String PREFIX = "attr:";

        String label() {
            return PREFIX + name;
        }
    }

    /// The first line of CSV. In the wide form an empty cell leaves the attribute alone.
    ///
    /// @throws FileRefused with everything that is wrong with it
    static Header of(int line, List<String> names) throws FileRefused {
        Header header = new Reading("column", names).header(true);
        if (!header.problems.isEmpty()) {
            throw new FileRefused(
                    header.problems.stream()
                            .map(problem -> "line " + line + ": " + problem)
                            .toList());
        }
        return header;
    }

    /// The names in one object.
    static Header ofProperties(List<String> names) {
        return new Reading("property", names).header(false);
    }

    int width() {
        return names.size();
    }

    boolean isWide() {
        return !attributes.isEmpty();
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

    private record Reading(
            String noun,
            List<String> names,
            Map<Column, Integer> positions,
            List<Attributes> attributes,
            List<String> problems) {
        Reading(String noun, List<String> names) {
            this(
                    noun,
                    List.copyOf(names),
                    new EnumMap<>(Column.class),
                    new ArrayList<>(),
                    new ArrayList<>());
        }

        Header header(boolean emptyIsUntouched) {
            var seen = new HashSet<String>();
            for (int i = 0; i < names.size(); i++) {
                if (seen.add(names.get(i))) {
                    column(i, names.get(i));
                } else {
                    problems.add("the " + noun + " " + Found.in(names.get(i)) + " is there twice");
                }
            }
            missing();
            return new Header(names, positions, attributes, emptyIsUntouched, problems);
        }

        private void column(int position, String name) {
            if (KNOWN.contains(name)) {
                positions.put(Column.ALL.get(KNOWN.names().indexOf(name)), position);
            } else if (name.startsWith(Attributes.PREFIX)) {
                attributes.add(
                        new Attributes(position, name.substring(Attributes.PREFIX.length())));
            } else {
                problems.add("unknown " + noun + " " + Found.in(name) + KNOWN.hint(name));
            }
        }

        private void missing() {
            boolean isWide = !attributes.isEmpty();
            for (Column column : Column.ALL) {
                boolean isThere = positions.containsKey(column);
                if (isWide && column.isOfTheLongForm()) {
                    if (isThere) {
                        problems.add(
                                "the "
                                        + noun
                                        + " \""
                                        + column.label()
                                        + "\" is of the long form, "
                                        + Found.in(attributes.getFirst().label())
                                        + " of the wide one; use either");
                    }
                } else if (column.isRequired() && !isThere) {
                    problems.add("the " + noun + " \"" + column.label() + "\" is missing");
                }
            }
        }
    }
}
