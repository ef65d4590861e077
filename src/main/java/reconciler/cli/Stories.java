package reconciler.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import reconciler.audit.EventView;
import reconciler.audit.EventView.EventRow;
import reconciler.audit.OutcomeView;
import reconciler.audit.OutcomeView.AttemptRow;
import reconciler.audit.OutcomeView.OutcomeRow;
import reconciler.change.ChangeState;
import reconciler.plan.Forecasted;
import reconciler.queue.ChangeSetView;
import reconciler.queue.QueueView;
import reconciler.queue.QueueView.ChangeRow;

/// Puts together what is known of a change: who asked, what plans said, who agreed, what was sent,
/// what came of it.
final class Stories {
    private final OutcomeView audit;
    private final EventView events;
    private final Forecasted forecasted;
    private final ChangeSetView sets;
    private final QueueView queue;
    private final Times times;

    Stories(DataSource dataSource, Times times) {
        audit = new OutcomeView(dataSource);
        events = new EventView(dataSource);
        forecasted = new Forecasted(dataSource);
        sets = new ChangeSetView(dataSource);
        queue = new QueueView(dataSource);
        this.times = times;
    }

    /// In the order of time.
    List<Chapter> of(ChangeRow change) {
        List<Chapter> chapters = new ArrayList<>();
        ordered(change, chapters);
        List<Forecasted.ByPlan> plans = forecasted.of(change.id());
        plans.forEach(plan -> chapters.add(new Chapter(plan.at(), inWords(plan))));
        List<AttemptRow> attempts = audit.attempts(change.id());
        attempts.forEach(attempt -> chapters.add(RequestInWords.of(attempt)));
        OutcomeRow outcomeOfIt = audit.of(change.id());
        List<OutcomeRow> outcomes = outcomeOfIt == null ? List.of() : List.of(outcomeOfIt);
        outcomes.forEach(outcome -> chapters.add(chapter(outcome)));
        for (EventRow event : events.about(objects(change, attempts, outcomes))) {
            if (isNews(event, plans)) {
                chapters.add(chapter(event));
            }
        }
        chapters.sort(Comparator.comparing(Chapter::when));
        return chapters;
    }

    private void ordered(ChangeRow change, List<Chapter> chapters) {
        ChangeSetView.@Nullable Origin set =
                change.changeSetId() == null ? null : sets.origin(change.changeSetId());
        var details = new ArrayList<String>();
        details.add(
                "attribute \""
                        + PlainText.oneLine(change.attribute())
                        + "\" of "
                        + change.role()
                        + " "
                        + change.participant().participantId());
        details.add("in conversation " + change.participant().conversationId());
        if (change.redrives() != null) {
            details.add("to try again change " + change.redrives());
        }
        List<Long> others = queue.standingWith(change.id());
        if (!others.isEmpty()) {
            details.add(group(others));
        }
        if (change.notBefore() != null) {
            details.add("not before " + times.of(change.notBefore()));
        }
        if (change.applyBy() != null) {
            details.add("expires at " + times.of(change.applyBy()));
        }
        chapters.add(
                new Chapter(
                        change.createdAt(),
                        "change "
                                + change.id()
                                + " queued by "
                                + change.requestedBy()
                                + (change.changeSetId() == null
                                        ? ""
                                        : " in change set " + change.changeSetId())
                                + (set == null ? "" : inWords(set)),
                        details));
    }

    private static String group(List<Long> others) {
        return "sent together with change"
                + (others.size() == 1 ? " " : "s ")
                + String.join(", ", others.stream().map(String::valueOf).toList())
                + " or not at all";
    }

    private static String inWords(ChangeSetView.Origin set) {
        List<String> parts = new ArrayList<>();
        if (set.undoes() != null) {
            parts.add("to undo change set " + set.undoes());
        } else if (set.source() != null) {
            parts.add("from " + set.source());
        }
        if (set.reason() != null) {
            parts.add("\"" + set.reason() + "\"");
        }
        if (set.ticket() != null) {
            parts.add(set.ticket());
        }
        if (set.login() != null && !set.login().equalsIgnoreCase(set.requestedBy())) {
            parts.add("by the login " + set.login());
        }
        return parts.isEmpty() ? "" : PlainText.oneLine(" (" + String.join(", ", parts) + ")");
    }

    private static String inWords(Forecasted.ByPlan plan) {
        return "plan "
                + plan.plan()
                + " by "
                + plan.by()
                + ": "
                + plan.finding().words()
                + (plan.ownRole() == null ? "" : " (the participant is " + plan.ownRole() + ")");
    }

    private static Chapter chapter(OutcomeRow outcome) {
        return new Chapter(
                outcome.occurredAt(),
                outcome.status()
                        + (outcome.runId() == null ? "" : " in run " + outcome.runId())
                        + (outcome.approvedBy() == null || outcome.status() == ChangeState.CANCELLED
                                ? ""
                                : ", approved by " + outcome.approvedBy()),
                List.of(InWords.of(outcome)));
    }

    private static Set<String> objects(
            ChangeRow change, List<AttemptRow> attempts, List<OutcomeRow> outcomes) {
        Set<String> objects = new LinkedHashSet<>();
        objects.add("change " + change.id());
        if (change.changeSetId() != null) {
            objects.add("change set " + change.changeSetId());
        }
        attempts.forEach(attempt -> objects.add("run " + attempt.runId()));
        outcomes.stream()
                .filter(outcome -> outcome.runId() != null)
                .forEach(outcome -> objects.add("run " + outcome.runId()));
        return objects;
    }

    /// Queueing and planning are told from what they left, while that is there.
    private static boolean isNews(EventRow event, List<Forecasted.ByPlan> plans) {
        return switch (event.action()) {
            case "queued", "redriven" -> false;
            case "planned" ->
                    plans.stream()
                            .noneMatch(plan ->
                                    String.valueOf(event.detail())
                                            .startsWith("plan " + plan.plan() + " "));
            default -> true;
        };
    }

    private static Chapter chapter(EventRow event) {
        List<String> details = new ArrayList<>();
        if (event.reason() != null) {
            details.add(PlainText.oneLine("\"" + event.reason() + "\""));
        }
        if (event.detail() != null) {
            details.add(PlainText.oneLine(event.detail()));
        }
        return new Chapter(
                event.occurredAt(),
                PlainText.oneLine(
                        event.object()
                                + " "
                                + event.action()
                                + " by "
                                + event.actor()
                                + (event.actor().equalsIgnoreCase(event.databaseUser())
                                        ? ""
                                        : " (login " + event.databaseUser() + ")")),
                details);
    }
}
