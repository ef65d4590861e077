package reconciler;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.FileDescriptor;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The map of the code, enforced.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ArchitectureTest {
    /// Which package may use which others of ours, in the order a change travels. A package that is
    /// not here fails the test.
    private static final String TABLE =
            """
            package   | may use
            change    |
            outcome   | change
            partition | change
            settings  |
            database  |
            calendar  |
            intake    | change calendar intake.workbook
            intake.workbook | intake
            queue     | change outcome partition
            patch     | change outcome
            pace      | outcome patch
            audit     | change outcome
            run       | change calendar outcome partition queue patch pace audit
            plan      | change outcome queue patch audit run
            schedule  | calendar outcome audit run
            simulator |
            embedded  |
            cli       | change calendar outcome intake queue patch pace audit run plan schedule settings database simulator embedded
            """;

    /// One home per library, or the few that are meant to have it.
    private static final String HOMES =
            """
            library                     | home
            okhttp3                     | patch
            okio                        | patch
            org.springframework.batch   | run
            org.springframework.boot    | run
            org.yaml.snakeyaml          | run
            com.zaxxer.hikari           | database
            org.flywaydb                | database
            org.postgresql              | intake database
            de.siegmar.fastcsv          | intake audit cli
            com.fasterxml.aalto         | intake
            io.helidon                  | simulator
            picocli                     | cli
            me.tongfei                  | cli
            io.zonky                    | embedded
            io.github.bucket4j          | pace
            io.github.resilience4j      | patch
            tools.jackson               | intake patch audit simulator cli
            java.net.http               |
            java.sql                    | intake queue pace audit run plan database cli
            javax.sql                   | intake queue pace audit run plan database cli
            org.springframework.jdbc    | intake queue pace audit run plan database cli
            """;

    /// What a name says that ends like this, the package says better.
    private static final List<String> EMPTY_WORDS =
            List.of(
                    "Util",
                    "Utils",
                    "Helper",
                    "Helpers",
                    "Manager",
                    "Service",
                    "Impl",
                    "Dao",
                    "DAO",
                    "Dto",
                    "DTO",
                    "Data",
                    "Info",
                    "Wrapper",
                    "Processor",
                    "Handler",
                    "Constants",
                    "Common",
                    "Base",
                    "Exception");

    static final JavaClasses OURS =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("reconciler");

    private record Line(String key, List<String> values) {
        static Stream<Line> of(String table) {
            return table.lines()
                    .skip(1)
                    .map(line -> line.split("\\|", -1))
                    .map(cells ->
                            new Line(
                                    cells[0].strip(),
                                    Arrays.stream(cells[1].strip().split("\\s+"))
                                            .filter(word -> !word.isEmpty())
                                            .toList()));
        }

        String[] packages() {
            return values.stream().map(ArchitectureTest::ours).toArray(String[]::new);
        }

        @Override
        public String toString() {
            return key;
        }
    }

    static Stream<Line> table() {
        return Line.of(TABLE);
    }

    static Stream<Line> homes() {
        return Line.of(HOMES);
    }

    @Test
    void every_package_is_in_the_table() {
        Set<String> found =
                OURS.stream()
                        .map(type -> type.getPackageName().substring("reconciler.".length()))
                        .collect(Collectors.toCollection(TreeSet::new));

        assertThat(found).contains("change", "run", "cli");
        assertThat(table().map(Line::key)).containsAll(found);
    }

    @ParameterizedTest
    @MethodSource("table")
    void a_package_uses_only_what_the_table_says(Line line) {
        String[] others =
                table().map(Line::key)
                        .filter(other -> !other.equals(line.key()))
                        .filter(other -> !line.values().contains(other))
                        .map(ArchitectureTest::ours)
                        .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage(ours(line.key()))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others)
                .allowEmptyShould(true)
                .check(OURS);
    }

    @Test
    void packages_have_no_cycles() {
        slices().matching("reconciler.(*)..").should().beFreeOfCycles().check(OURS);
    }

    @ParameterizedTest
    @MethodSource("homes")
    void a_library_stays_in_its_home(Line line) {
        noClasses()
                .that(
                        describe(
                                "live elsewhere",
                                type -> !resideInAnyPackage(line.packages()).test(type)))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(line.key() + "..")
                .check(OURS);
    }

    @Test
    void the_vocabulary_knows_java_only() {
        classes()
                .that()
                .resideInAnyPackage(ours("change"), ours("outcome"), ours("partition"))
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage("java..", "org.jspecify..", "reconciler..")
                                .and(
                                        describe(
                                                "are no SQL",
                                                type ->
                                                        !resideInAPackage("java.sql..")
                                                                .test(type))))
                .check(OURS);
    }

    @Test
    void the_time_is_an_argument() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ours("cli"))
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(LocalDateTime.class, "now")
                .orShould()
                .callMethod(LocalDate.class, "now")
                .orShould()
                .callMethod(OffsetDateTime.class, "now")
                .orShould()
                .callMethod(ZonedDateTime.class, "now")
                .orShould()
                .callMethod(Clock.class, "systemUTC")
                .orShould()
                .callMethod(Clock.class, "systemDefaultZone")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .check(OURS);
        noClasses()
                .that()
                .resideOutsideOfPackages(ours("cli"))
                // a simulator that is started without a clock of the caller's choice
                .and()
                .doNotHaveFullyQualifiedName("reconciler.simulator.Simulator")
                .should()
                .callMethod(InstantSource.class, "system")
                .check(OURS);
    }

    @Test
    void only_the_terminal_writes_to_the_terminal() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("reconciler.cli.Terminal")
                .and()
                // A process of its own, which tells its parent where it answers.
                .doNotHaveFullyQualifiedName("reconciler.embedded.EmbeddedDatabase")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .accessField(FileDescriptor.class, "out")
                .check(OURS);
    }

    @Test
    void only_the_command_line_ends_the_process() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ours("cli"))
                .should()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "halt", int.class)
                .check(OURS);
    }

    @Test
    void what_a_class_needs_comes_through_its_constructor() {
        for (String annotation :
                List.of(
                        "org.springframework.beans.factory.annotation.Autowired",
                        "jakarta.inject.Inject",
                        "org.springframework.beans.factory.annotation.Value")) {
            fields().should().notBeAnnotatedWith(annotation).check(OURS);
        }
        for (String annotation :
                List.of(
                        "org.springframework.stereotype.Component",
                        "org.springframework.stereotype.Service",
                        "org.springframework.stereotype.Repository")) {
            noClasses().should().beAnnotatedWith(annotation).check(OURS);
        }
    }

    @Test
    void names_say_something() {
        assertThat(
                        OURS.stream()
                                .filter(type -> !type.isAnonymousClass())
                                .filter(type ->
                                        EMPTY_WORDS.stream()
                                                .anyMatch(type.getSimpleName()::endsWith))
                                .map(JavaClass::getName))
                .isEmpty();
    }

    @Test
    void every_package_says_what_it_is_for_and_where_null_may_be() {
        Set<String> packages =
                OURS.stream().map(JavaClass::getPackageName).collect(Collectors.toSet());

        assertThat(packages)
                .allSatisfy(name ->
                        assertThat(OURS.getPackage(name).isAnnotatedWith(NullMarked.class))
                                .as("package-info of %s is @NullMarked", name)
                                .isTrue());
    }

    private static String ours(String name) {
        return "reconciler." + name + "..";
    }
}
