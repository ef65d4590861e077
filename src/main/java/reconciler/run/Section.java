package reconciler.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import reconciler.calendar.Unreadable;
import reconciler.change.KnownNames;

/// One mapping of a job file. Whatever is wrong in it becomes a problem with its place, and the
/// default is answered instead.
final class Section {
    private final String path;
    private final Mark place;
    private final boolean present;
    private final Problems problems;
    private final Map<String, Node> values = new LinkedHashMap<>();

    private Section(
            String path, Mark place, @Nullable Node node, Problems problems, KnownNames keys) {
        this.path = path;
        this.place = place;
        this.present = node instanceof MappingNode;
        this.problems = problems;
        if (node instanceof MappingNode mapping) {
            mapping.getValue().forEach(entry -> add(entry, keys));
        } else if (node != null) {
            wrong(node, path, "keys and values");
        }
    }

    static Section root(Node node, Problems problems, String... keys) {
        return new Section("", node.getStartMark(), node, problems, KnownNames.of(keys));
    }

    private void add(NodeTuple entry, KnownNames keys) {
        Mark mark = entry.getKeyNode().getStartMark();
        if (!(entry.getKeyNode() instanceof ScalarNode key)) {
            problems.at(mark, "a key is a single word");
        } else if (!keys.contains(key.getValue())) {
            problems.at(mark, "unknown key \"" + key.getValue() + "\"" + keys.hint(key.getValue()));
        } else if (values.putIfAbsent(key.getValue(), entry.getValueNode()) != null) {
            problems.at(mark, "duplicate key \"" + key.getValue() + "\"");
        }
    }

    boolean isPresent() {
        return present;
    }

    Section section(String key, String... keys) {
        Node node = values.get(key);
        return new Section(
                pathOf(key),
                node == null ? place : node.getStartMark(),
                node,
                problems,
                KnownNames.of(keys));
    }

    <T> @Nullable T optional(String key, Reading<T> reading) {
        Node node = values.get(key);
        return node == null ? null : read(node, pathOf(key), reading);
    }

    <T> T value(String key, Reading<T> reading, T absent) {
        return Objects.requireNonNullElse(optional(key, reading), absent);
    }

    /// Whether the key has keys and values of its own.
    boolean isMapping(String key) {
        return values.get(key) instanceof MappingNode;
    }

    <T> @Nullable T required(String key, Reading<T> reading) {
        if (present && !values.containsKey(key)) {
            problems.at(place, "missing key \"" + pathOf(key) + "\"");
        }
        return optional(key, reading);
    }

    /// Empty when the key is absent; an empty list, or the same entry twice, is a problem.
    <T> List<T> list(String key, Reading<T> reading) {
        List<T> entries = new ArrayList<>();
        switch (values.get(key)) {
            case null -> {}
            case SequenceNode sequence when !sequence.getValue().isEmpty() -> {
                for (Node node : sequence.getValue()) {
                    T entry = read(node, pathOf(key), reading);
                    if (entry != null && entries.contains(entry)) {
                        problems.at(node.getStartMark(), pathOf(key) + ": " + entry + " twice");
                    } else if (entry != null) {
                        entries.add(entry);
                    }
                }
            }
            case Node node -> wrong(node, pathOf(key), "a list with at least one entry");
        }
        return entries;
    }

    /// A problem at the value of `key`, which is there.
    void problem(String key, String text) {
        problems.at(
                Objects.requireNonNull(values.get(key)).getStartMark(), pathOf(key) + ": " + text);
    }

    private <T> @Nullable T read(Node node, String name, Reading<T> reading) {
        if (!(node instanceof ScalarNode scalar) || !isPlain(node.getTag())) {
            wrong(node, name, reading.expected());
            return null;
        }
        try {
            T value = reading.parse().apply(scalar.getValue());
            if (value == null) {
                wrong(node, name, reading.expected());
            }
            return value;
        } catch (Unreadable unreadable) {
            problems.at(
                    node.getStartMark(),
                    name + ": \"" + scalar.getValue() + "\": " + unreadable.reason());
            return null;
        }
    }

    private static boolean isPlain(Tag tag) {
        return tag.equals(Tag.STR)
                || tag.equals(Tag.INT)
                || tag.equals(Tag.FLOAT)
                || tag.equals(Tag.BOOL)
                || tag.equals(Tag.TIMESTAMP);
    }

    private void wrong(Node node, String name, String expected) {
        String found =
                switch (node) {
                    case ScalarNode scalar when scalar.getValue().isEmpty() -> "nothing";
                    case ScalarNode scalar -> "\"" + scalar.getValue() + "\"";
                    case SequenceNode _ -> "a list";
                    case MappingNode _ -> "keys and values";
                    default -> "something else";
                };
        problems.at(
                node.getStartMark(),
                (name.isEmpty() ? "" : name + ": ") + "expected " + expected + ", found " + found);
    }

    private String pathOf(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
