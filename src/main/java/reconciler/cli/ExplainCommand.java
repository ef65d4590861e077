package reconciler.cli;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import reconciler.audit.AuditView;
import reconciler.audit.AuditView.AttemptRow;
import reconciler.audit.OutcomeFilter;
import reconciler.database.Database;
import reconciler.outcome.Intent;
import reconciler.queue.QueueView;
import reconciler.queue.QueueView.ChangeRow;
import reconciler.run.ExitCode;

/// `reconciler explain CHANGE`
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description =
                "The story of one change: who asked for it, each request, what came of it, what to do next.")
final class ExplainCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "CHANGE", description = "The change's id.")
    private long change;

    ExplainCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try (Database database = session.database()) {
            var queue = new QueueView(database.dataSource());
            ChangeRow row = queue.find(change);
            if (row == null) {
                throw new CommandFailed(
                        ExitCode.DATA,
                        "there is no change "
                                + change
                                + "; `reconciler outcomes` and `reconciler status` list what there is");
            }
            var audit = new AuditView(database.dataSource());
            tellOrder(row);
            tellGroup(queue.standingWith(change));
            audit.attempts(change).forEach(this::tellAttempt);
            audit.outcomes(
                    OutcomeFilter.ofChange(change),
                    outcome ->
                            say(
                                    outcome.occurredAt(),
                                    outcome.status()
                                            + " in "
                                            + (outcome.runId() == null
                                                    ? "no run"
                                                    : "run " + outcome.runId())
                                            + ": "
                                            + InWords.of(outcome)));
            session.terminal().out().println(next(row));
            return ExitCode.OK.code();
        }
    }

    private void tellOrder(ChangeRow row) {
        say(
                row.createdAt(),
                "queued by "
                        + row.requestedBy()
                        + (row.changeSetId() == null ? "" : " in change set " + row.changeSetId())
                        + ": attribute \""
                        + PlainText.oneLine(row.attribute())
                        + "\" of "
                        + row.role()
                        + " "
                        + row.participant().participantId()
                        + " in conversation "
                        + row.participant().conversationId());
        tell(row.notBefore(), "not before");
        tell(row.applyBy(), "worth nothing after");
    }

    private void tellGroup(List<Long> others) {
        if (!others.isEmpty()) {
            session.terminal()
                    .out()
                    .println(
                            "                             sent together with change"
                                    + (others.size() == 1 ? " " : "s ")
                                    + String.join(
                                            ", ", others.stream().map(String::valueOf).toList())
                                    + " or not at all");
        }
    }

    private void tellAttempt(AttemptRow attempt) {
        say(
                attempt.startedAt(),
                attempt.purpose()
                        + " in run "
                        + attempt.runId()
                        + ": "
                        + attempt.method()
                        + " "
                        + attempt.path()
                        + " -> "
                        + answer(attempt));
    }

    private static String answer(AttemptRow attempt) {
        if (Intent.RUN_DIED.equals(attempt.errorCode())) {
            return "no answer was written down: the run died, and the request may have been sent";
        }
        return (attempt.httpStatus() == null ? "no answer" : attempt.httpStatus())
                + (attempt.errorCode() == null ? "" : " " + attempt.errorCode())
                + " in "
                + attempt.tookMicros() / 1_000
                + " ms"
                + (attempt.correlationId() == null
                        ? ""
                        : ", correlation id " + attempt.correlationId());
    }

    private void tell(@Nullable Instant when, String what) {
        if (when != null) {
            session.terminal().out().println("                             " + what + " " + when);
        }
    }

    private void say(Instant when, String what) {
        session.terminal().out().printf("%-27s  %s%n", when, what);
    }

    private static String next(ChangeRow row) {
        return switch (row.state()) {
            case PENDING ->
                    row.nextAttemptAt() == null
                            ? "It waits for the next run"
                                    + (row.inDoubt()
                                            ? "; a request may have been sent, so it is read first."
                                            : ".")
                            : "It was put off and is due again at " + row.nextAttemptAt() + ".";
            case IN_FLIGHT ->
                    "A run has it in hand. If that run died, the next one puts it back, and reads the participant first if a request may have been sent.";
            case APPLIED, UNCHANGED -> "Nothing is left to do.";
            case SUPERSEDED ->
                    "A newer change to the same attribute took its place: explain that one.";
            case REJECTED ->
                    "Correct what the API names and queue it anew; sending it unchanged would be refused again.";
            case CONFLICT -> "Queue it anew when whoever changes the participant has finished.";
            case EXPIRED -> "Queue it anew if the value is still wanted.";
            case CANCELLED -> "Queue it anew if the value is wanted after all.";
            case FAILED -> "Look whether the API works (`reconciler doctor`), then queue it anew.";
        };
    }
}
