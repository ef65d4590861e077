package reconciler.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static reconciler.patch.Given.changes;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reconciler.Seed;
import tools.jackson.databind.json.JsonMapper;

/// No text of the API carries a value that was sent, or a part of it, in whatever form.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RedactionTest {
    private static final Seed SEED = Seed.of(RedactionTest.class);
    private static final String ALPHABET =
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 @.,-_:/'\"&<>+#%\\=äöüÄÖÜßéñçØ日本語привет😀";

    /// What a value has of itself that looks like an escape: cut in two, it reads otherwise.
    private static final Pattern LOOKALIKE =
            Pattern.compile("%[0-9a-fA-F]{2}|%[uU]|\\\\.|&[^;]{1,9};");

    private static final int LONGEST_ESCAPE = 40;

    private record Escaping(String name, UnaryOperator<String> form) {}

    private static final List<Escaping> ESCAPINGS =
            List.of(
                    new Escaping("as it is", UnaryOperator.identity()),
                    new Escaping("upper case", text -> text.toUpperCase(Locale.ROOT)),
                    new Escaping("lower case", text -> text.toLowerCase(Locale.ROOT)),
                    new Escaping(
                            "decomposed", text -> Normalizer.normalize(text, Normalizer.Form.NFD)),
                    new Escaping("JSON", RedactionTest::json),
                    new Escaping("JSON in ASCII", text -> ascii(json(text))),
                    new Escaping("form", text -> URLEncoder.encode(text, StandardCharsets.UTF_8)),
                    new Escaping(
                            "URL",
                            text ->
                                    URLEncoder.encode(text, StandardCharsets.UTF_8)
                                            .replace("+", "%20")),
                    new Escaping("HTML", RedactionTest::html),
                    new Escaping("HTML by numbers", text -> numbered(text, "&#%d;")),
                    new Escaping("HTML by hex numbers", text -> numbered(text, "&#x%x;")));

    @RepeatedTest(400)
    void a_part_of_a_value_is_masked_in_whatever_form(RepetitionInfo repetition) {
        long seed = SEED.value() + repetition.getCurrentRepetition() - 1;
        var random = new Random(seed);
        String value = value(random, 6 + random.nextInt(80));
        int[] points = value.codePoints().toArray();
        int from = random.nextInt(points.length - Redaction.PART + 1);
        int length = Redaction.PART + random.nextInt(points.length - from - Redaction.PART + 1);
        String part = new String(points, from, length).strip();
        if (Unescaped.of(part).stripped().length() < Redaction.PART) {
            return;
        }
        Escaping one = ESCAPINGS.get(random.nextInt(ESCAPINGS.size()));
        Escaping other = ESCAPINGS.get(random.nextInt(ESCAPINGS.size()));
        String quoted = other.form.apply(one.form.apply(part));
        var redaction = new Redaction(changes("a", value, "b", "x").changes());

        String whole = redaction.apply("«" + quoted + "»");
        String left = Unescaped.of(whole.replace("[value]", "")).stripped().replace(" ", "");
        assertThat(whole)
                .as("seed %s: %s, then %s: %s", seed, one.name, other.name, quoted)
                .matches(_ -> left.equals("«»") || LOOKALIKE.matcher(value).find())
                .matches(_ -> left.length() < 2 + 2 * Redaction.PART)
                .matches(_ -> whole.contains("[value]") || LOOKALIKE.matcher(value).find());

        String cut =
                quoted.substring(
                        0,
                        Math.min(
                                quoted.length(),
                                Redaction.PART + random.nextInt(quoted.length()) / 2));
        String rest = redaction.apply("«" + cut).replace("[value]", "");
        assertThat(rest.length())
                .as("seed %s: %s, then %s, cut: %s", seed, one.name, other.name, cut)
                .isLessThan(1 + Redaction.PART * LONGEST_ESCAPE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Value [Anna M\u00fcller-Schmidt, +49 17...] is too long",
                "Value [ANNA M\u00dcLLER-SCHMIDT] is too long",
                "{\"message\": \"anna m\\u00fcller-schmidt\"}",
                "<p>Anna M&uuml;ller&#45;Schmidt</p>",
                "/find?name=Anna+M%C3%BCller-Schmidt%2C%20%2B49",
                "/find?name=Anna%2520M%25C3%25BCller-Schmidt",
                "... 170 5550123] was refused",
                "Anna  Mu\u0308ller\\n\\t-Schmidt"
            })
    void what_was_stored_in_clear_before_is_masked(String text) {
        var redaction =
                new Redaction(changes("name", "Anna Müller-Schmidt, +49 170 5550123").changes());
        assertThat(redaction.apply(text))
                .contains("[value]")
                .doesNotContainIgnoringCase("anna")
                .doesNotContainIgnoringCase("ller")
                .doesNotContain("5550");
    }

    @Test
    void what_is_no_value_stays() {
        var redaction = new Redaction(changes("tier", "gold", "n", "12", "t", "true").changes());
        String text =
                "{\"code\": \"invalid.value\", \"message\": \"3 of 120 fields are not valid\"}";
        assertThat(redaction.apply(text)).isEqualTo(text);
        assertThat(Redaction.none().apply("Value [gold]")).isEqualTo("Value [gold]");
    }

    @Test
    void a_short_value_in_other_letters_is_masked_within_a_word_too() {
        var redaction = new Redaction(changes("name", "李明").changes());
        assertThat(redaction.apply("値李明は")).isEqualTo("値[value]は");
    }

    @Test
    void a_long_text_and_long_values_take_no_time_to_speak_of() {
        var redaction =
                new Redaction(
                        changes("a", "x".repeat(400_000), "b", "xy".repeat(50_000)).changes());
        long before = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            assertThat(redaction.apply("x".repeat(5_000_000))).isEqualTo("[value]");
        }
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(20));
    }

    private static String value(Random random, int letters) {
        int[] alphabet = ALPHABET.codePoints().toArray();
        return random.ints(letters, 0, alphabet.length)
                .mapToObj(index -> Character.toString(alphabet[index]))
                .collect(Collectors.joining());
    }

    private static String json(String text) {
        String json = JsonMapper.shared().writeValueAsString(text);
        return json.substring(1, json.length() - 1);
    }

    private static String ascii(String text) {
        return text.chars()
                .mapToObj(letter ->
                        letter < 128 ? Character.toString(letter) : "\\u%04x".formatted(letter))
                .collect(Collectors.joining());
    }

    private static String html(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;")
                .replace("ü", "&uuml;")
                .replace("é", "&eacute;");
    }

    private static String numbered(String text, String form) {
        return text.codePoints()
                .mapToObj(letter ->
                        Character.isLetterOrDigit(letter) && letter < 128
                                ? Character.toString(letter)
                                : form.formatted(letter))
                .collect(Collectors.joining());
    }
}
