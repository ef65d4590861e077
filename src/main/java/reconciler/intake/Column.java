package reconciler.intake;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// The columns of a file, in any order.
enum Column {
    CONVERSATION_ID,
    PARTICIPANT_ID,
    PARTICIPANT_ROLE,
    ATTRIBUTE_NAME,
    ATTRIBUTE_VALUE,
    REQUESTED_BY,
    NOT_BEFORE,
    APPLY_BY,
    /// What we wrote beside a rejected line; read past when the line comes back.
    ERROR;

    static final List<Column> ALL = List.of(values());

    boolean isRequired() {
        return switch (this) {
            case CONVERSATION_ID,
                    PARTICIPANT_ID,
                    PARTICIPANT_ROLE,
                    ATTRIBUTE_NAME,
                    ATTRIBUTE_VALUE ->
                    true;
            case REQUESTED_BY, NOT_BEFORE, APPLY_BY, ERROR -> false;
        };
    }

    boolean isOfTheLongForm() {
        return this == ATTRIBUTE_NAME || this == ATTRIBUTE_VALUE;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static boolean isOptional(String label) {
        return ALL.stream()
                .anyMatch(column -> !column.isRequired() && column.label().equals(label));
    }

    /// Of the long form.
    static List<String> requiredLabels() {
        return ALL.stream().filter(Column::isRequired).map(Column::label).toList();
    }

    static List<String> labels() {
        return Arrays.stream(values()).map(Column::label).toList();
    }
}
