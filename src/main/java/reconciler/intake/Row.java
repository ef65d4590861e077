package reconciler.intake;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reconciler.calendar.PointInTime;
import reconciler.calendar.Unreadable;
import reconciler.change.ParticipantRole;

/// One record of a file, while it is read field by field: what is wrong is noted, and a stand-in is
/// answered, so that everything wrong is told at once.
final class Row {
    private static final UUID NOBODY = new UUID(0, 0);

    private final Header header;
    private final int line;
    private final List<String> fields;
    private final List<String> original;
    private final List<BadLine> problems = new ArrayList<>(0);
    private final List<LineWarning> warnings = new ArrayList<>(0);

    /// @param fields as they are meant
    /// @param original as they came
    Row(Header header, int line, List<String> fields, List<String> original) {
        this.header = header;
        this.line = line;
        this.fields = fields;
        this.original = original;
        if (fields.size() != header.width()) {
            note(
                    (@Nullable String) null,
                    "expected "
                            + header.width()
                            + " fields as in the header, found "
                            + fields.size());
        }
    }

    /// An attribute as a record asks for it.
    ///
    /// @param nameLabel the column to blame for its name
    /// @param valueLabel the column to blame for its value
    record Setting(String name, String value, String nameLabel, String valueLabel) {
        /// Without the value.
        @Override
        public String toString() {
            return name;
        }
    }

    /// What the record asks for; in the wide form as many as there are filled cells.
    List<Setting> settings() {
        if (!header.isWide()) {
            return List.of(
                    new Setting(
                            text(Column.ATTRIBUTE_NAME),
                            text(Column.ATTRIBUTE_VALUE),
                            Column.ATTRIBUTE_NAME.label(),
                            Column.ATTRIBUTE_VALUE.label()));
        }
        List<Setting> settings = new ArrayList<>(header.attributes().size());
        for (Header.Attributes attribute : header.attributes()) {
            String value = fields.get(attribute.position());
            if (!value.isEmpty() || !header.emptyIsUntouched()) {
                settings.add(
                        new Setting(attribute.name(), value, attribute.label(), attribute.label()));
            }
        }
        if (settings.isEmpty()) {
            note((@Nullable String) null, "no attribute has a value");
        }
        return settings;
    }

    int line() {
        return line;
    }

    boolean isBad() {
        return !problems.isEmpty();
    }

    List<BadLine> problems() {
        return problems;
    }

    UUID uuid(Column column, NormalisationCounts counts) {
        String text = text(column);
        UUID id = IdText.parse(text, counts);
        if (id == null) {
            note(column, "expected a UUID, found " + IdText.fault(text));
            return NOBODY;
        }
        return id;
    }

    String role(List<ParticipantRole> known, NormalisationCounts counts) {
        String text = text(Column.PARTICIPANT_ROLE);
        if (isRole(text, known)) {
            return text;
        }
        String usual = Blanks.strip(text).toLowerCase(Locale.ROOT);
        if (isRole(usual, known)) {
            counts.count(Normalisation.ROLE);
            return usual;
        }
        wrong(
                Column.PARTICIPANT_ROLE,
                known.isEmpty()
                        ? "a role such as contact or agent"
                        : String.join(" or ", known.stream().map(ParticipantRole::name).toList()),
                text);
        return text;
    }

    private static boolean isRole(String text, List<ParticipantRole> known) {
        return known.isEmpty()
                ? ParticipantRole.isWellFormed(text)
                : known.stream().anyMatch(role -> role.name().equals(text));
    }

    void checkName(Setting setting) {
        String text = setting.name();
        int length = text.codePointCount(0, text.length());
        if (text.isBlank()) {
            note(setting.nameLabel(), "expected a name, found " + Found.in(text));
        } else if (length > IntakeRules.MAX_NAME_LENGTH) {
            note(
                    setting.nameLabel(),
                    "expected at most "
                            + IntakeRules.MAX_NAME_LENGTH
                            + " characters, found "
                            + length);
        } else if (hasNul(text)) {
            note(setting.nameLabel(), "a NUL character cannot be stored");
        } else {
            suspect(setting.nameLabel(), Suspicion.ofName(text));
        }
    }

    void checkValue(Setting setting, IntakeRules rules) {
        String text = setting.value();
        if (text.isEmpty() && !rules.emptyValues()) {
            note(
                    setting.valueLabel(),
                    "expected a value, found nothing (--allow-empty queues empty values)");
        }
        if (text.length() > rules.maxValueBytes() / 3) {
            int bytes = text.getBytes(StandardCharsets.UTF_8).length;
            if (bytes > rules.maxValueBytes()) {
                note(
                        setting.valueLabel(),
                        "expected at most " + rules.maxValueBytes() + " bytes, found " + bytes);
            }
        }
        if (hasNul(text)) {
            note(setting.valueLabel(), "a NUL character cannot be stored");
        } else {
            suspect(setting.valueLabel(), Suspicion.ofValue(text));
        }
    }

    String requestedBy(String otherwise) {
        String text = header.field(fields, Column.REQUESTED_BY);
        if (text == null || text.isEmpty()) {
            return otherwise;
        }
        if (text.isBlank()) {
            wrong(Column.REQUESTED_BY, "a name", text);
        } else if (hasNul(text)) {
            note(Column.REQUESTED_BY, "a NUL character cannot be stored");
        }
        return text;
    }

    /// @param zone of a time without an offset; null: it is refused
    @Nullable Instant instant(Column column, @Nullable Instant otherwise, @Nullable ZoneId zone) {
        String text = header.field(fields, column);
        if (text == null || Blanks.isBlank(text)) {
            return otherwise;
        }
        try {
            return PointInTime.parse(Blanks.strip(text), zone);
        } catch (Unreadable unreadable) {
            note(
                    column,
                    "expected a time with its offset, such as 2026-11-23T02:00:00-05:00, found "
                            + Found.in(text)
                            + ": "
                            + unreadable.reason());
            return otherwise;
        }
    }

    /// @param suspicion null when there is none
    private void suspect(String column, @Nullable String suspicion) {
        if (suspicion != null) {
            warn(column, suspicion);
        }
    }

    void warn(@Nullable String column, String reason) {
        warnings.add(new LineWarning(line, column, reason));
    }

    /// What was warned of is wrong then.
    void refuseWarnings() {
        warnings.forEach(warning -> problems.add(warning.refused()));
        warnings.clear();
    }

    List<LineWarning> warnings() {
        return warnings;
    }

    void note(Column column, String reason) {
        note(column.label(), reason);
    }

    /// @param column null when the record as a whole is wrong
    void note(@Nullable String column, String reason) {
        problems.add(new BadLine(line, column, reason));
    }

    /// What the rejects file says of it.
    String error() {
        return "line "
                + line
                + ": "
                + String.join("; ", problems.stream().map(BadLine::inTheLine).toList());
    }

    /// As they came.
    List<String> original() {
        return original;
    }

    private String text(Column column) {
        String text = header.field(fields, column);
        if (text == null) {
            throw new IllegalStateException("the header was taken without " + column.label());
        }
        return text;
    }

    private void wrong(Column column, String expected, String found) {
        note(column, "expected " + expected + ", found " + Found.in(found));
    }

    private static boolean hasNul(String text) {
        return text.indexOf('\0') >= 0;
    }
}
