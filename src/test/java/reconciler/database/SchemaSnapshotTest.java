package reconciler.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import reconciler.embedded.TestPostgres;

/// What `db/migration` makes of an empty database with the roles of `db/roles` stands in
/// `db/schema.txt`, so that a change of the schema is seen as such in review.
///
/// `mvn test -Dtest=SchemaSnapshotTest -Dschema=refresh` writes the file anew.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SchemaSnapshotTest {
    private static final Path SNAPSHOT = Path.of("db/schema.txt");

    private static final String HEAD =
            """
            # What db/migration makes of an empty database with the roles of db/roles.
            # Written by: mvn test -Dtest=SchemaSnapshotTest -Dschema=refresh
            """;

    @Test
    void the_schema_is_the_one_in_the_file() throws IOException {
        Map<String, SequencedSet<String>> schema = migrated();
        if ("refresh".equals(System.getProperty("schema"))) {
            assertThat(hasQueries(schema))
                    .as("the file is written from Postgres 16 or later")
                    .isTrue();
            Files.writeString(SNAPSHOT, written(schema));
        }
        Map<String, SequencedSet<String>> file = read(Files.readString(SNAPSHOT));
        if (!hasQueries(schema)) {
            file.values().forEach(lines -> lines.removeIf(SchemaSnapshotTest::isQuery));
        }

        List<String> differences = differences(file, schema);

        assertThat(differences)
                .as(
                        """
                        db/schema.txt is not the schema that db/migration makes ("-" is in the file alone, "+" in the database alone).
                        If the change is meant: mvn test -Dtest=SchemaSnapshotTest -Dschema=refresh, and commit db/schema.txt with it.
                        """)
                .isEmpty();
    }

    @Test
    void a_column_a_right_and_a_body_that_differ_are_told() {
        Map<String, SequencedSet<String>> file =
                read(
                        """
                        table audit.event
                          actor text
                          grant reconciler_app: SELECT

                        function audit.net(field text)
                          body 1
                        """);
        Map<String, SequencedSet<String>> database =
                read(
                        """
                        table audit.event
                          actor text NOT NULL
                          grant reconciler_app: SELECT

                        table audit.more
                          id bigint
                        """);

        assertThat(differences(file, database))
                .containsExactly(
                        "  table audit.event",
                        "-   actor text",
                        "+   actor text NOT NULL",
                        "+ table audit.more",
                        "+   id bigint",
                        "- function audit.net(field text)",
                        "-   body 1");
    }

    private static boolean hasQueries(Map<String, SequencedSet<String>> schema) {
        return schema.values().stream().flatMap(Set::stream).anyMatch(SchemaSnapshotTest::isQuery);
    }

    private static boolean isQuery(String line) {
        return line.startsWith("query ");
    }

    private static Map<String, SequencedSet<String>> migrated() {
        try (Database database = Database.open(TestPostgres.databaseWithRoles(), 1)) {
            return new Catalogue(database.dataSource()).read();
        }
    }

    private static String written(Map<String, SequencedSet<String>> schema) {
        var text = new StringBuilder(HEAD);
        schema.forEach((heading, lines) -> {
            text.append('\n').append(heading).append('\n');
            lines.forEach(line -> text.append("  ").append(line).append('\n'));
        });
        return text.toString();
    }

    private static Map<String, SequencedSet<String>> read(String text) {
        var schema = new LinkedHashMap<String, SequencedSet<String>>();
        SequencedSet<String> lines = new LinkedHashSet<>();
        for (String line : text.lines().toList()) {
            if (line.startsWith("  ")) {
                lines.add(line.strip());
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                lines = new LinkedHashSet<>();
                schema.put(line, lines);
            }
        }
        return schema;
    }

    private static List<String> differences(
            Map<String, SequencedSet<String>> file, Map<String, SequencedSet<String>> database) {
        var differences = new ArrayList<String>();
        Set<String> headings = new LinkedHashSet<>(database.keySet());
        headings.addAll(file.keySet());
        for (String heading : headings) {
            Set<String> gone = file.getOrDefault(heading, new LinkedHashSet<>());
            Set<String> come = database.getOrDefault(heading, new LinkedHashSet<>());
            if (file.containsKey(heading) && database.containsKey(heading)) {
                if (!gone.equals(come)) {
                    differences.add("  " + heading);
                }
            } else {
                differences.add((file.containsKey(heading) ? "- " : "+ ") + heading);
            }
            only(gone, come).forEach(line -> differences.add("-   " + line));
            only(come, gone).forEach(line -> differences.add("+   " + line));
        }
        return differences;
    }

    private static Set<String> only(Set<String> these, Set<String> those) {
        var only = new LinkedHashSet<>(these);
        only.removeAll(those);
        return only;
    }
}
