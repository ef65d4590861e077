package reconciler.intake.workbook;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// To which other parts a part of a workbook refers.
///
/// @param all of them
record Relationships(List<Relationship> all) {
    private static final long LIMIT = 4_000_000;
    private static final int MOST = 10_000;

    /// @param kind the last word of its type
    /// @param part the name of the other part in the archive
    record Relationship(String id, String kind, String part) {}

    /// @param part the empty name: the package itself
    static Relationships of(Archive archive, String part) throws IOException {
        String folder = part.substring(0, part.lastIndexOf('/') + 1);
        String name = folder + "_rels/" + part.substring(folder.length()) + ".rels";
        InputStream bytes = archive.open(name);
        var all = new ArrayList<Relationship>();
        if (bytes != null) {
            try (XmlPart xml = XmlPart.open(bytes, name, LIMIT)) {
                while (xml.next() && all.size() < MOST) {
                    if (xml.isStart("Relationship")) {
                        all.add(relationship(xml, folder));
                    }
                }
            }
        }
        return new Relationships(all);
    }

    /// The part of the first of a kind.
    @Nullable String ofKind(String kind) {
        return all.stream()
                .filter(relationship -> relationship.kind().equals(kind))
                .map(Relationship::part)
                .findFirst()
                .orElse(null);
    }

    @Nullable String ofId(@Nullable String id) {
        return all.stream()
                .filter(relationship -> relationship.id().equals(id))
                .map(Relationship::part)
                .findFirst()
                .orElse(null);
    }

    private static Relationship relationship(XmlPart xml, String folder) throws IOException {
        String id = xml.attribute("Id");
        String type = xml.attribute("Type");
        String target = xml.attribute("Target");
        if (id == null || type == null || target == null) {
            throw xml.damaged();
        }
        return new Relationship(
                id, type.substring(type.lastIndexOf('/') + 1), resolved(folder, target));
    }

    private static String resolved(String folder, String target) {
        Deque<String> names = new ArrayDeque<>();
        String whole = target.startsWith("/") ? target.substring(1) : folder + target;
        Arrays.stream(whole.split("/"))
                .filter(name -> !name.equals(".") && !name.isEmpty())
                .forEach(name -> {
                    if (name.equals("..")) {
                        names.pollLast();
                    } else {
                        names.addLast(name);
                    }
                });
        return String.join("/", names);
    }
}
