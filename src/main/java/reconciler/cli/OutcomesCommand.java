package reconciler.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reconciler.audit.AuditView;
import reconciler.audit.AuditView.OutcomeRow;
import reconciler.change.ChangeState;
import reconciler.database.Database;
import reconciler.run.ExitCode;

/// `reconciler outcomes`
@Command(
        name = "outcomes",
        mixinStandardHelpOptions = true,
        description = "What became of changes: one row per change that is over.",
        footer = {
            "",
            "Examples:",
            "  reconciler outcomes --run 12 --status rejected,failed",
            "  reconciler outcomes --set 3 -o csv > outcomes.csv"
        })
final class OutcomesCommand implements Callable<Integer> {
    static final List<String> SHORT =
            List.of(
                    "change",
                    "role",
                    "participant",
                    "attribute",
                    "outcome",
                    "attempts",
                    "in words");

    private static final List<String> ALL =
            List.of(
                    "outcome_id",
                    "change_id",
                    "change_set_id",
                    "run_id",
                    "conversation_id",
                    "participant_id",
                    "participant_role",
                    "corrected_role",
                    "attribute_name",
                    "before_value",
                    "requested_value",
                    "status",
                    "confirmed_by",
                    "http_status",
                    "error_code",
                    "error_message",
                    "correlation_id",
                    "attempts",
                    "in_doubt",
                    "requested_by",
                    "approved_by",
                    "occurred_at");

    private final Session session;

    @Option(names = "--run", paramLabel = "ID", description = "Only this run's.")
    private @Nullable Long run;

    @Option(names = "--set", paramLabel = "ID", description = "Only this change set's.")
    private @Nullable Long set;

    @Option(names = "--participant", paramLabel = "UUID", description = "Only this participant's.")
    private @Nullable UUID participant;

    @Option(
            names = "--status",
            paramLabel = "STATUS",
            split = ",",
            description =
                    "Only these: applied, unchanged, superseded, rejected, conflict, expired, cancelled, failed.")
    private Set<ChangeState> statuses = Set.of();

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "At most so many. Default: all of them.")
    private long limit = Long.MAX_VALUE;

    @Option(
            names = "-o",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table (without values), or json, jsonl, csv with every column")
    private Format format = Format.TABLE;

    OutcomesCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try (Database database = session.database();
                Sheet sheet =
                        format.open(
                                session.terminal().out(),
                                "outcomes",
                                format == Format.TABLE ? SHORT : ALL)) {
            new AuditView(database.dataSource())
                    .outcomes(
                            new AuditView.Filter(run, set, null, participant, statuses, limit),
                            row -> sheet.row(format == Format.TABLE ? brief(row) : all(row)));
            return ExitCode.OK.code();
        }
    }

    static List<Object> brief(OutcomeRow row) {
        return List.of(
                row.changeId(),
                row.participantRole(),
                row.participantId(),
                row.attributeName(),
                row.status(),
                row.attempts(),
                InWords.of(row));
    }

    private static List<@Nullable Object> all(OutcomeRow row) {
        return Arrays.asList(
                row.outcomeId(),
                row.changeId(),
                row.changeSetId(),
                row.runId(),
                row.conversationId(),
                row.participantId(),
                row.participantRole(),
                row.correctedRole(),
                row.attributeName(),
                row.beforeValue(),
                row.requestedValue(),
                row.status(),
                row.confirmedBy(),
                row.httpStatus(),
                row.errorCode(),
                row.errorMessage(),
                row.correlationId(),
                row.attempts(),
                row.inDoubt(),
                row.requestedBy(),
                row.approvedBy(),
                row.occurredAt());
    }
}
