package reconciler.intake;

import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reconciler.change.ParticipantRole;

/// What a line may say.
///
/// @param knownRoles empty: any well-formed role
/// @param emptyValues whether an empty attribute value is meant
/// @param maxValueBytes of a value in UTF-8
/// @param strict whether a line that looks spoilt is bad; otherwise it is queued with a warning
/// @param zone of times without an offset; null: they are refused
public record IntakeRules(
        List<ParticipantRole> knownRoles,
        boolean emptyValues,
        int maxValueBytes,
        boolean strict,
        @Nullable ZoneId zone) {
    public static final int DEFAULT_MAX_VALUE_BYTES = 8 * 1024;

    /// Of one file.
    public static final long MAX_FILE_BYTES = 250_000_000;

    /// Of one file, without the header.
    public static final int MAX_LINES = 1_000_000;

    /// Of one file; in the wide form a line has several.
    public static final int MAX_CHANGES = 1_000_000;

    /// Of one file, in the CSV parser and in a spreadsheet alike.
    static final int MAX_COLUMNS = 16_384;

    /// A field that does not end within so many characters is a quote that was never closed.
    static final int MOST_OF_A_FIELD = 1024 * 1024;

    /// In characters.
    public static final int MAX_NAME_LENGTH = 256;

    /// What the table takes.
    private static final int MOST_VALUE_BYTES = 1024 * 1024;

    public IntakeRules {
        knownRoles = List.copyOf(knownRoles);
        if (maxValueBytes < 1 || maxValueBytes > MOST_VALUE_BYTES) {
            throw new IllegalArgumentException(
                    "values have a limit from 1 to " + MOST_VALUE_BYTES + " bytes");
        }
    }

    public IntakeRules(List<ParticipantRole> knownRoles, boolean emptyValues, int maxValueBytes) {
        this(knownRoles, emptyValues, maxValueBytes, false, null);
    }

    public static IntakeRules knowing(List<ParticipantRole> roles) {
        return new IntakeRules(roles, false, DEFAULT_MAX_VALUE_BYTES);
    }

    public IntakeRules withEmptyValues() {
        return new IntakeRules(knownRoles, true, maxValueBytes, strict, zone);
    }

    public IntakeRules withZone(@Nullable ZoneId zone) {
        return new IntakeRules(knownRoles, emptyValues, maxValueBytes, strict, zone);
    }

    public IntakeRules strictly() {
        return new IntakeRules(knownRoles, emptyValues, maxValueBytes, true, zone);
    }
}
