package reconciler.intake;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import reconciler.change.ParticipantRole;

/// One record of a file, while it is read field by field: what is wrong is noted, and a stand-in is
/// answered, so that everything wrong is told at once.
final class Row {
    private static final Pattern UUID_FORM =
            Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");
    private static final UUID NOBODY = new UUID(0, 0);

    private final Header header;
    private final int line;
    private final List<String> fields;
    private final List<BadLine> problems = new ArrayList<>(0);

    Row(Header header, int line, List<String> fields) {
        this.header = header;
        this.line = line;
        this.fields = fields;
        if (fields.size() != header.width()) {
            note(
                    null,
                    "expected "
                            + header.width()
                            + " fields as in the header, found "
                            + fields.size());
        }
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

    UUID uuid(Column column) {
        String text = text(column);
        if (UUID_FORM.matcher(text).matches()) {
            return UUID.fromString(text);
        }
        wrong(column, "a UUID", text);
        return NOBODY;
    }

    String role(List<ParticipantRole> known) {
        String text = text(Column.PARTICIPANT_ROLE);
        if (known.isEmpty() && !ParticipantRole.isWellFormed(text)) {
            wrong(Column.PARTICIPANT_ROLE, "a role such as contact or agent, in lower case", text);
        } else if (!known.isEmpty() && known.stream().noneMatch(role -> role.name().equals(text))) {
            wrong(
                    Column.PARTICIPANT_ROLE,
                    String.join(" or ", known.stream().map(ParticipantRole::name).toList()),
                    text);
        }
        return text;
    }

    String name() {
        String text = text(Column.ATTRIBUTE_NAME);
        int length = text.codePointCount(0, text.length());
        if (text.isBlank()) {
            wrong(Column.ATTRIBUTE_NAME, "a name", text);
        } else if (length > IntakeRules.MAX_NAME_LENGTH) {
            note(
                    Column.ATTRIBUTE_NAME,
                    "expected at most "
                            + IntakeRules.MAX_NAME_LENGTH
                            + " characters, found "
                            + length);
        } else if (hasNul(text)) {
            note(Column.ATTRIBUTE_NAME, "a NUL character cannot be stored");
        }
        return text;
    }

    String value(IntakeRules rules) {
        String text = text(Column.ATTRIBUTE_VALUE);
        if (text.isEmpty() && !rules.emptyValues()) {
            note(
                    Column.ATTRIBUTE_VALUE,
                    "expected a value, found nothing (--allow-empty queues empty values)");
        }
        if (text.length() > rules.maxValueBytes() / 3) {
            int bytes = text.getBytes(StandardCharsets.UTF_8).length;
            if (bytes > rules.maxValueBytes()) {
                note(
                        Column.ATTRIBUTE_VALUE,
                        "expected at most " + rules.maxValueBytes() + " bytes, found " + bytes);
            }
        }
        if (hasNul(text)) {
            note(Column.ATTRIBUTE_VALUE, "a NUL character cannot be stored");
        }
        return text;
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

    @Nullable Instant instant(Column column, @Nullable Instant otherwise) {
        String text = header.field(fields, column);
        if (text == null || text.isEmpty()) {
            return otherwise;
        }
        try {
            OffsetDateTime moment = OffsetDateTime.parse(text);
            if (moment.getYear() >= 1 && moment.getYear() < 9999) {
                return moment.toInstant();
            }
        } catch (DateTimeException _) {
            // told below
        }
        wrong(column, "a time with its offset, such as 2026-11-23T02:00:00-05:00", text);
        return otherwise;
    }

    void note(@Nullable Column column, String reason) {
        problems.add(new BadLine(line, column == null ? null : column.label(), reason));
    }

    /// What the rejects file says of it.
    String error() {
        return "line "
                + line
                + ": "
                + String.join("; ", problems.stream().map(BadLine::inTheLine).toList());
    }

    /// As they came.
    List<String> fields() {
        return fields;
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
