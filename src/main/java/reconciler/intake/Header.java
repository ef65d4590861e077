package reconciler.intake;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reconciler.change.KnownNames;

/// Which column stands where.
///
/// @param names as they came, without empty ones at the end
/// @param attributes the columns of the wide form; none in the long form
/// @param normalised how many names were not written as they are known
/// @param problems whatever is wrong with it
record Header(
        List<String> names,
        Map<Column, Integer> positions,
        List<Attributes> attributes,
        boolean emptyIsUntouched,
        int normalised,
        List<String> problems) {
    /// Of a record that could not be taken apart.
    static final Header NONE = new Header(List.of(), Map.of(), List.of(), false, 0, List.of());

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
    static Header of(long line, List<String> names) throws FileRefused {
        Header header = new Reading("column", withoutEmptyEnd(names)).header(true);
        if (header.positions.isEmpty() && header.attributes.isEmpty()) {
            throw new FileRefused(
                    "line "
                            + line
                            + ": the header is missing: expected the names of the columns ("
                            + String.join(", ", Column.requiredLabels())
                            + "), and none of the "
                            + (header.width() == 1 ? "one field" : header.width() + " fields")
                            + " here is one; when it is separated by something else, see --delimiter");
        }
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

    private static List<String> withoutEmptyEnd(List<String> names) {
        int kept = names.size();
        while (kept > 0 && Blanks.isBlank(names.get(kept - 1))) {
            kept--;
        }
        return names.subList(0, kept);
    }

    /// As it is known, whatever its case and the blanks around it.
    static String canonical(String name) {
        if (KNOWN.contains(name)) {
            return name;
        }
        String stripped = Blanks.strip(name);
        String lower = stripped.toLowerCase(Locale.ROOT);
        if (KNOWN.contains(lower)) {
            return lower;
        }
        return lower.startsWith(Attributes.PREFIX)
                ? Attributes.PREFIX + Blanks.strip(stripped.substring(Attributes.PREFIX.length()))
                : stripped;
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
            int normalised = 0;
            for (int i = 0; i < names.size(); i++) {
                String name = canonical(names.get(i));
                normalised += name.equals(names.get(i)) ? 0 : 1;
                if (name.isEmpty()) {
                    problems.add("the " + noun + " at place " + (i + 1) + " has no name");
                } else if (seen.add(name)) {
                    column(i, name);
                } else {
                    problems.add("the " + noun + " " + Found.in(name) + " is there twice");
                }
            }
            missing();
            return new Header(names, positions, attributes, emptyIsUntouched, normalised, problems);
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
