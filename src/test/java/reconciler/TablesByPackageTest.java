package reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/// Which package may name which table, view or function of `db/migration` in its SQL. A mention
/// after INSERT INTO, UPDATE, DELETE FROM or COPY is a write, any other one a read.
///
/// A line that the sources add or take away fails here, and is then a decision: the table below is
/// changed with its reason in the commit, or the statement moves to the package that has the table.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class TablesByPackageTest {
    private static final String ALLOWED =
            """
            audit reads audit.attempt audit.attempt_default audit.event audit.outcome audit.outcome_default
            audit reads audit.outcome_key audit.run audit.run_end audit.seal audit.v_accountability
            audit reads audit.v_approval audit.v_attempt audit.v_change_set audit.v_event audit.v_outcome
            audit reads audit.v_plan audit.v_reconciliation audit.v_run audit.v_run_reconciliation
            audit reads audit.v_separation_of_duty audit.value audit.value_default
            audit reads reconciler.attribute_change
            audit writes audit.event audit.run audit.run_end
            audit calls audit.append_chunk audit.demand_exported audit.drop_month audit.ensure_partitions
            audit calls audit.erase audit.lock_journal
            bench reads audit.attempt reconciler.attribute_change
            bench writes reconciler.attribute_change
            cli writes reconciler.attribute_change
            intake reads reconciler.change_set reconciler.staged_change
            intake writes reconciler.attribute_change reconciler.change_set reconciler.staged_change
            intake calls reconciler.analyze_queue
            pace reads reconciler.rate
            pace writes reconciler.rate
            plan reads audit.outcome audit.run audit.value reconciler.attribute_change reconciler.change_set
            plan reads reconciler.plan reconciler.plan_row
            plan writes reconciler.plan reconciler.plan_row
            plan calls reconciler.approve reconciler.plan_sha256 reconciler.reject reconciler.void_plans
            plan calls reconciler.waiting_for
            queue reads audit.event audit.outcome audit.outcome_key audit.value reconciler.approval
            queue reads reconciler.attribute_change reconciler.change_set reconciler.intent reconciler.pause
            queue reads reconciler.plan reconciler.plan_row reconciler.server_history
            queue reads reconciler.set_aside
            queue writes reconciler.attribute_change reconciler.change_set reconciler.intent
            queue writes reconciler.pause reconciler.server_history reconciler.set_aside
            queue calls reconciler.approved_sets reconciler.atomic_group_of reconciler.free_sets
            queue calls reconciler.is_approved reconciler.server_incarnation reconciler.waiting_for
            run reads batch.batch_job_execution batch.batch_job_instance batch.batch_step_execution
            run reads reconciler.lease
            run writes batch.batch_job_execution batch.batch_job_execution_context
            run writes batch.batch_job_execution_params batch.batch_job_instance batch.batch_step_execution
            run writes batch.batch_step_execution_context reconciler.lease
            run calls reconciler.server_incarnation
            """;

    private static final Pattern DECLARED =
            Pattern.compile(
                    "CREATE (?:OR REPLACE )?(?:UNLOGGED )?(TABLE|VIEW|FUNCTION) ((?:reconciler|audit|batch)\\.\\w+)");

    private static final Pattern COMMENT = Pattern.compile("(?m)^\\s*//.*$");

    private static final Pattern TEXT =
            Pattern.compile(
                    "\"\"\"\\R(?<block>.*?)\"\"\"|\"(?<line>(?:[^\"\\\\\\n]++|\\\\.)*+)\"",
                    Pattern.DOTALL);

    private static final Pattern MENTION =
            Pattern.compile(
                    "(?<write>INSERT INTO |UPDATE |DELETE FROM |COPY )?\\b(?<name>(?:reconciler|audit|batch)\\.\\w+)");

    private static final Pattern PACKAGE = Pattern.compile("(?m)^package reconciler\\.?([\\w.]*);");

    @Test
    void each_package_names_its_own_tables() throws IOException {
        Set<String> relations = declared("TABLE|VIEW");
        Set<String> functions = declared("FUNCTION");
        Set<String> found = new TreeSet<>();
        for (Path source : sources()) {
            found.addAll(crossings(Files.readString(source), relations, functions));
        }
        Set<String> allowed = allowed();

        assertThat(found).as("what the sources say and ALLOWED does not").isSubsetOf(allowed);
        assertThat(allowed).as("what ALLOWED says and the sources do not").isSubsetOf(found);
    }

    @Test
    void a_read_a_write_and_a_call_are_told_apart() {
        assertThat(
                        crossings(
                                """
                                package reconciler.console;
                                /// Not "reconciler.lease".
                                class Made {
                                    char quote = '"';
                                    String one = "SELECT audit.net('x') FROM reconciler.rate";
                                    String two = ""\"
                                            UPDATE reconciler.pause SET reason = NULL
                                            ""\";
                                }
                                """,
                                Set.of("reconciler.rate", "reconciler.pause", "reconciler.lease"),
                                Set.of("audit.net")))
                .containsExactly(
                        "console calls audit.net",
                        "console reads reconciler.rate",
                        "console writes reconciler.pause");
    }

    private static Set<String> crossings(
            String source, Set<String> relations, Set<String> functions) {
        Matcher home = PACKAGE.matcher(source);
        String name = home.find() ? home.group(1) : "";
        String code = COMMENT.matcher(source).replaceAll("").replace("'\"'", "");
        Set<String> found = new TreeSet<>();
        TEXT.matcher(code)
                .results()
                .map(text -> text.group("block") == null ? text.group("line") : text.group("block"))
                .flatMap(text -> MENTION.matcher(text).results())
                .forEach(mention -> {
                    String object = mention.group("name");
                    if (functions.contains(object)) {
                        found.add(name + " calls " + object);
                    } else if (relations.contains(object)) {
                        found.add(
                                name
                                        + (mention.group("write") == null ? " reads " : " writes ")
                                        + object);
                    }
                });
        return found;
    }

    /// Lines of a package, a verb and the names after it, as lines of one name each.
    private static Set<String> allowed() {
        return ALLOWED.lines()
                .flatMap(line -> {
                    List<String> words = List.of(line.split(" +"));
                    String start = words.get(0) + " " + words.get(1) + " ";
                    return words.stream().skip(2).map(start::concat);
                })
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> declared(String kinds) {
        return files("db/migration", ".sql").stream()
                .flatMap(file -> DECLARED.matcher(read(file)).results())
                .filter(found -> found.group(1).matches(kinds))
                .map(found -> found.group(2))
                .collect(Collectors.toSet());
    }

    private static List<Path> sources() {
        return Stream.of("src/main/java", "src/simulator/java", "src/bench/java")
                .flatMap(root -> files(root, ".java").stream())
                .toList();
    }

    private static List<Path> files(String root, String ending) {
        try (Stream<Path> files = Files.walk(Path.of(root))) {
            return files.filter(file -> file.toString().endsWith(ending)).toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
