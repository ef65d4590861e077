package reconciler.cli;

import java.util.List;
import reconciler.audit.OutcomeFilter;
import reconciler.audit.OutcomeView;
import reconciler.audit.OutcomeView.OutcomeRow;
import reconciler.run.ExitCode;

/// Outcomes as a file that `queue` takes: exact, since it goes to no spreadsheet first.
final class ChangesAgain {
    private static final List<String> COLUMNS =
            List.of(
                    "conversation_id",
                    "participant_id",
                    "participant_role",
                    "attribute_name",
                    "attribute_value");

    private final OutcomeView view;
    private final Terminal terminal;
    private long seen;
    private long erased;
    private long empty;

    ChangesAgain(OutcomeView view, Terminal terminal) {
        this.view = view;
        this.terminal = terminal;
    }

    /// @return how many outcomes there were, those included that were left out
    long write(OutcomeFilter filter, Format format) {
        if (!view.seesValues()) {
            throw new CommandFailed(
                    ExitCode.PERMISSION,
                    "--as-changes needs the values, which this database login does not see; use the job's login");
        }
        try (Sheet sheet =
                format == Format.CSV
                        ? CsvSheet.exact(terminal.out(), COLUMNS)
                        : format.open(terminal.out(), "changes", COLUMNS)) {
            view.latest(filter, row -> write(sheet, row));
        }
        if (erased > 0) {
            terminal.say(Counted.of(erased, "row") + " left out: the value was erased");
        }
        if (empty > 0) {
            terminal.say(
                    Counted.of(empty, "change")
                            + (empty == 1 ? " asks" : " ask")
                            + " for an empty value: queue the file with --allow-empty");
        }
        return seen;
    }

    private void write(Sheet sheet, OutcomeRow row) {
        terminal.out().demandOpen();
        seen++;
        if (row.requestedValue() == null) {
            erased++;
            return;
        }
        if (row.requestedValue().isEmpty()) {
            empty++;
        }
        sheet.row(
                List.of(
                        row.conversationId(),
                        row.participantId(),
                        row.correctedRole() == null ? row.participantRole() : row.correctedRole(),
                        row.attributeName(),
                        row.requestedValue()));
    }
}
