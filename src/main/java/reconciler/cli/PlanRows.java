package reconciler.cli;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reconciler.plan.Finding;
import reconciler.plan.PlanRow;

/// The rows of a plan, one by one, while it is made.
final class PlanRows implements AutoCloseable {
    private static final List<String> BRIEF =
            List.of("", "change", "role", "participant", "attribute", "before", "", "after");

    private static final List<String> EVERY =
            List.of(
                    "change_id",
                    "finding",
                    "conversation_id",
                    "participant_id",
                    "participant_role",
                    "own_role",
                    "attribute_name",
                    "before_value",
                    "requested_value");

    private final Format format;
    private final Sheet sheet;

    PlanRows(Terminal terminal, Format format) {
        this.format = format;
        this.sheet = format.open(terminal.out(), "rows", format == Format.TABLE ? BRIEF : EVERY);
    }

    void show(PlanRow row) {
        sheet.row(format == Format.TABLE ? brief(row) : every(row));
    }

    private static List<Object> brief(PlanRow row) {
        return List.of(
                sign(row.finding(), row.before()),
                row.change(),
                row.role(),
                row.participant().participantId(),
                row.attribute(),
                row.finding().isSent()
                        ? PlanReports.shortened(row.before())
                        : row.finding().words(),
                row.finding().isSent() ? "->" : "",
                row.finding().isSent() ? PlanReports.shortened(row.after()) : "");
    }

    private static List<@Nullable Object> every(PlanRow row) {
        return Arrays.asList(
                row.change(),
                row.finding().name(),
                row.participant().conversationId(),
                row.participant().participantId(),
                row.role(),
                row.ownRole(),
                row.attribute(),
                row.before(),
                row.after());
    }

    /// `+` a value where there was none, `~` another value, `=` as it is, `!` cannot be changed.
    static String sign(Finding finding, @Nullable String before) {
        return switch (finding) {
            case CHANGE, ROLE, ENDED -> before == null ? "+" : "~";
            case UNCHANGED -> "=";
            case GONE, UNREADABLE -> "!";
            case SUPERSEDED, EXPIRED -> "";
        };
    }

    @Override
    public void close() {
        sheet.close();
    }
}
