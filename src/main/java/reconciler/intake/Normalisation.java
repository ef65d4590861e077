package reconciler.intake;

import java.util.Locale;

/// A way in which people and programs write what intake takes in another form. Only what can be
/// meant in one way alone is normalised; each occurrence is counted.
public enum Normalisation {
    HEADER_NAME("column name in another case, or with blanks around it"),
    BLANKS("id with blanks or tabs around it"),
    NO_BREAK_SPACES("id with no-break spaces around it"),
    ZERO_WIDTH("id with zero-width characters around it"),
    URN("id with urn:uuid: in front"),
    BRACES("id in braces"),
    NO_DASHES("id without dashes"),
    UPPER_CASE("id in upper case"),
    ROLE("role in another case, or with blanks around it");

    private final String words;

    Normalisation(String words) {
        this.words = words;
    }

    /// What was found, in words; singular.
    public String words() {
        return words;
    }

    /// For programs.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
