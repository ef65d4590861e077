package reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every record that holds an attribute value or a secret, itself or by what it is made of, leaves
/// it out of its text: that is what gets into logs, exceptions and what is made of heap dumps.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class NoRecordShowsValuesTest {
    private static final String CANARY = "canary-8d1f";

    /// What components are called that hold values or secrets.
    private static final Set<String> NOT_TO_BE_SEEN =
            Set.of(
                    "value",
                    "values",
                    "before",
                    "now",
                    "after",
                    "beforeValue",
                    "requestedValue",
                    "applied",
                    "found",
                    "body",
                    "secret",
                    "password",
                    "token",
                    "environment");

    private static final int TURNS = 12;

    /// A map of these has values; a list of them names only.
    private static final String BY_NAME = "attributes";

    static Stream<Class<?>> records() {
        return ArchitectureTest.OURS.stream()
                .filter(JavaClass::isRecord)
                .filter(type -> !type.getPackageName().equals("reconciler.simulator"))
                .<Class<?>>map(JavaClass::reflect)
                .filter(type -> holds(type, new HashSet<>()));
    }

    @ParameterizedTest
    @MethodSource("records")
    void its_text_shows_none(Class<?> type) throws ReflectiveOperationException {
        assertThat(String.valueOf(filled(type))).doesNotContain(CANARY);
    }

    @Test
    void there_are_some() {
        assertThat(records().map(Class::getSimpleName))
                .contains("AttributeChange", "Settlement", "PreparedRequest", "ClientCredentials");
    }

    private static boolean holds(Class<?> type, Set<Class<?>> looked) {
        return looked.add(type)
                && Arrays.stream(type.getRecordComponents())
                        .anyMatch(component ->
                                isNotToBeSeen(component)
                                        || parts(component.getGenericType())
                                                .anyMatch(part -> holds(part, looked)));
    }

    private static boolean isNotToBeSeen(RecordComponent component) {
        String type = component.getGenericType().getTypeName();
        return NOT_TO_BE_SEEN.contains(component.getName()) && type.contains("String")
                || component.getName().equals(BY_NAME) && component.getType() == Map.class;
    }

    /// Records that something of this type may be, or hold.
    private static Stream<Class<?>> parts(Type type) {
        return switch (type) {
            case ParameterizedType generic ->
                    Stream.concat(
                            parts(generic.getRawType()),
                            Arrays.stream(generic.getActualTypeArguments())
                                    .flatMap(NoRecordShowsValuesTest::parts));
            case Class<?> record when record.isRecord() -> Stream.of(record);
            case Class<?> open when open.isSealed() ->
                    Arrays.stream(open.getPermittedSubclasses())
                            .flatMap(NoRecordShowsValuesTest::parts);
            default -> Stream.empty();
        };
    }

    /// With canaries where they can be. Of enums the first combination that the record's own checks
    /// let pass.
    private static Object filled(Class<?> type) throws ReflectiveOperationException {
        for (int turn = 0; ; turn++) {
            try {
                return filled(type, turn);
            } catch (InvocationTargetException refused) {
                if (turn == TURNS) {
                    throw refused;
                }
            }
        }
    }

    private static Object filled(Class<?> type, int turn) throws ReflectiveOperationException {
        RecordComponent[] components = type.getRecordComponents();
        Constructor<?> canonical =
                type.getDeclaredConstructor(
                        Arrays.stream(components)
                                .map(RecordComponent::getType)
                                .toArray(Class<?>[]::new));
        canonical.setAccessible(true);
        Parameter[] parameters = canonical.getParameters();
        var arguments = new @Nullable Object[parameters.length];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = something(components[i].getName(), components[i].getGenericType(), turn);
        }
        return canonical.newInstance(arguments);
    }

    private static @Nullable Object something(String name, Type type, int turn)
            throws ReflectiveOperationException {
        return switch (type) {
            case ParameterizedType generic -> container(name, generic, turn);
            case TypeVariable<?> _ -> NOT_TO_BE_SEEN.contains(name) ? CANARY : null;
            case Class<?> plain -> plain(name, plain, turn);
            default -> throw new IllegalArgumentException(name + ": " + type);
        };
    }

    private static @Nullable Object container(String name, ParameterizedType type, int turn)
            throws ReflectiveOperationException {
        Class<?> raw = (Class<?>) type.getRawType();
        Type[] arguments = type.getActualTypeArguments();
        if (Collection.class.isAssignableFrom(raw)) {
            @Nullable Object element = something(name, arguments[0], turn);
            return element == null
                    ? List.of()
                    : raw == Set.class ? Set.of(element) : List.of(element);
        }
        if (raw == Map.class) {
            @Nullable Object key = something("key", arguments[0], turn);
            @Nullable Object value =
                    something(name.equals(BY_NAME) ? "value" : name, arguments[1], turn);
            return key == null || value == null ? Map.of() : Map.of(key, value);
        }
        return plain(name, raw, turn);
    }

    private static @Nullable Object plain(String name, Class<?> type, int turn)
            throws ReflectiveOperationException {
        if (type == String.class) {
            return NOT_TO_BE_SEEN.contains(name) ? CANARY : TEXTS.getOrDefault(name, "x");
        }
        if (type.isRecord()) {
            return filled(type);
        }
        if (type.isEnum()) {
            Object[] constants = type.getEnumConstants();
            return constants[turn % constants.length];
        }
        if (type.isSealed()) {
            return oneOf(parts(type).toList());
        }
        return hasTextOfItsOwn(type) ? constructed(type, turn) : SAMPLES.get(type);
    }

    /// One of ours that is no record and yet prints itself.
    private static boolean hasTextOfItsOwn(Class<?> type) {
        return type.getPackageName().startsWith("reconciler")
                && Arrays.stream(type.getDeclaredMethods())
                        .anyMatch(method -> method.getName().equals("toString"));
    }

    private static Object constructed(Class<?> type, int turn) throws ReflectiveOperationException {
        Constructor<?> only = type.getDeclaredConstructors()[0];
        only.setAccessible(true);
        Parameter[] parameters = only.getParameters();
        var arguments = new @Nullable Object[parameters.length];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] =
                    something(parameters[i].getName(), parameters[i].getParameterizedType(), turn);
        }
        return only.newInstance(arguments);
    }

    /// One that holds something, or else the first.
    private static @Nullable Object oneOf(List<Class<?>> choices)
            throws ReflectiveOperationException {
        Class<?> choice =
                choices.stream()
                        .filter(type -> holds(type, new HashSet<>()))
                        .findFirst()
                        .orElse(choices.isEmpty() ? null : choices.getFirst());
        return choice == null ? null : filled(choice);
    }

    private static final Map<String, String> TEXTS = Map.of("url", "jdbc:postgresql://h/d");

    private static final Map<Class<?>, Object> SAMPLES =
            Map.ofEntries(
                    Map.entry(int.class, 1),
                    Map.entry(long.class, 1L),
                    Map.entry(short.class, (short) 1),
                    Map.entry(double.class, 1.0),
                    Map.entry(boolean.class, true),
                    Map.entry(Integer.class, 1),
                    Map.entry(Long.class, 1L),
                    Map.entry(byte[].class, new byte[] {1}),
                    Map.entry(BigDecimal.class, BigDecimal.ONE),
                    Map.entry(UUID.class, new UUID(1, 1)),
                    Map.entry(URI.class, URI.create("https://api.example.org")),
                    Map.entry(HttpUrl.class, HttpUrl.get("https://api.example.org")),
                    Map.entry(Path.class, Path.of("x")),
                    Map.entry(Instant.class, Instant.EPOCH),
                    Map.entry(Duration.class, Duration.ofSeconds(1)));
}
