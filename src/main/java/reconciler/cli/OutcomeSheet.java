package reconciler.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reconciler.audit.OutcomeView.OutcomeRow;

/// Columns of a list of outcomes.
record OutcomeSheet(List<Column> columns) {
    /// For the eye; without values.
    static final OutcomeSheet BRIEF =
            of(
                    new Column("change", OutcomeRow::changeId),
                    new Column("role", OutcomeRow::participantRole),
                    new Column("participant", OutcomeRow::participantId),
                    new Column("attribute", OutcomeRow::attributeName),
                    new Column("outcome", OutcomeRow::status),
                    new Column("attempts", OutcomeRow::attempts),
                    new Column("in words", InWords::of));

    static final OutcomeSheet EVERY =
            of(
                    new Column("outcome_id", OutcomeRow::outcomeId),
                    new Column("change_id", OutcomeRow::changeId),
                    new Column("change_set_id", OutcomeRow::changeSetId),
                    new Column("run_id", OutcomeRow::runId),
                    new Column("conversation_id", OutcomeRow::conversationId),
                    new Column("participant_id", OutcomeRow::participantId),
                    new Column("participant_role", OutcomeRow::participantRole),
                    new Column("corrected_role", OutcomeRow::correctedRole),
                    new Column("attribute_name", OutcomeRow::attributeName),
                    new Column("before_value", OutcomeRow::beforeValue),
                    new Column("requested_value", OutcomeRow::requestedValue),
                    new Column("status", OutcomeRow::status),
                    new Column("confirmed_by", OutcomeRow::confirmedBy),
                    new Column("http_status", OutcomeRow::httpStatus),
                    new Column("error_code", OutcomeRow::errorCode),
                    new Column("error_message", OutcomeRow::errorMessage),
                    new Column("correlation_id", OutcomeRow::correlationId),
                    new Column("attempts", OutcomeRow::attempts),
                    new Column("in_doubt", OutcomeRow::inDoubt),
                    new Column("requested_by", OutcomeRow::requestedBy),
                    new Column("approved_by", OutcomeRow::approvedBy),
                    new Column("occurred_at", OutcomeRow::occurredAt));

    /// @param value null is an empty cell
    record Column(String name, Function<OutcomeRow, @Nullable Object> value) {}

    private static OutcomeSheet of(Column... columns) {
        return new OutcomeSheet(List.of(columns));
    }

    List<String> names() {
        return columns.stream().map(Column::name).toList();
    }

    List<@Nullable Object> of(OutcomeRow row) {
        var cells = new ArrayList<@Nullable Object>(columns.size());
        columns.forEach(column -> cells.add(column.value().apply(row)));
        return cells;
    }
}
