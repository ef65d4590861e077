package reconciler.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reconciler.queue.Backlog;
import reconciler.queue.Backlog.Cause;
import reconciler.queue.PausedSets;
import reconciler.queue.SetAsides;
import reconciler.run.Pulse;

/// Why nothing moves, or not as fast as it could, and what to do about it: a sentence each.
record Standstill(Times times) {
    /// A run that sent nothing for so long is stuck on something.
    private static final Duration SILENCE = Duration.ofSeconds(10);

    /// The holder renews its lease every second.
    private static final Duration UNHEARD = Duration.ofSeconds(4);

    List<String> reasons(Situation situation) {
        List<String> reasons = new ArrayList<>();
        situation
                .limits()
                .forEach(limit ->
                        reasons.add(
                                limit.name()
                                        + ": limited until "
                                        + times.timeOfDay(limit.until().plusSeconds(1))
                                        + " (the API asked for a pause)"));
        if (situation.underWay() != null) {
            ofRun(situation, situation.underWay(), reasons);
        }
        situation.paused().forEach(pause -> reasons.add(inWords(pause)));
        situation.aside().first().forEach(row -> reasons.add(inWords(row)));
        long more = situation.aside().rows() - situation.aside().first().size();
        if (more > 0) {
            reasons.add(Counted.of(more, "more row") + " set aside, too");
        }
        situation
                .backlog()
                .unapproved()
                .forEach(set -> reasons.add(inWords(set, situation.job().name())));
        ofTime(situation.backlog(), reasons);
        withoutTaker(situation, reasons);
        if (situation.underWay() == null) {
            withoutRun(situation, reasons);
        }
        if (situation.job().unknown() != null) {
            reasons.add(
                    "Whether rows lack an approval, and when the next run is, is not known: "
                            + situation.job().unknown());
        }
        return reasons;
    }

    private void ofRun(Situation situation, Situation.UnderWay run, List<String> reasons) {
        Duration unheard = Duration.between(run.holder().renewedAt(), situation.now());
        if (unheard.compareTo(UNHEARD) > 0) {
            reasons.add(
                    "Nothing was heard of it for "
                            + ProgressDisplay.duration(unheard)
                            + "; when it is dead its lease ends in "
                            + ProgressDisplay.duration(run.holder().remaining())
                            + ", and the next run puts back what it had in hand");
        }
        if (run.holder().clockStep() != null) {
            reasons.add(
                    "The database's clock was set "
                            + run.holder().clockStep().inWords()
                            + ", noticed at "
                            + times.timeOfDay(run.holder().clockStep().noticedAt())
                            + ": deadlines go by it; see that its server follows an NTP server");
        }
        if (run.stop() != null) {
            reasons.add(
                    "It was asked to stop by "
                            + run.stop().by()
                            + (run.stop().reason() == null ? "" : " (" + run.stop().reason() + ")")
                            + " and settles what it has sent");
        }
        @Nullable Pulse pulse = run.pulse();
        if (pulse != null && pulse.heldUpBy() != null) {
            reasons.add(
                    "Nothing is sent for now: "
                            + pulse.heldUpBy()
                            + "; the run tries again by itself");
        } else if (pulse != null
                && pulse.recentRequests() == 0
                && pulse.left() > 0
                && pulse.recent().compareTo(SILENCE) > 0
                && situation.limits().isEmpty()) {
            reasons.add(
                    "Nothing was sent in the last "
                            + ProgressDisplay.duration(pulse.recent())
                            + ": the API gives no answer, or another run"
                            + " uses the pace; `reconciler doctor` asks the API");
        }
    }

    private static String inWords(PausedSets.Paused pause) {
        return (pause.set() == null ? "Everything" : "Change set " + pause.set())
                + " is paused by "
                + pause.by()
                + (pause.reason() == null ? "" : " (" + pause.reason() + ")")
                + ": `reconciler unpause "
                + (pause.set() == null ? "--all" : pause.set())
                + "` resumes it";
    }

    /// What a person is to do about it as well.
    String inWords(SetAsides.Held row) {
        String change = String.valueOf(row.change());
        return "Change "
                + change
                + " is set aside since "
                + times.of(row.since())
                + ": "
                + PlainText.oneLine(row.reason())
                + (row.outcome() == null
                        ? ". When the reason is mended, `reconciler redrive --set-aside "
                                + change
                                + "` lets it go; `reconciler cancel --change "
                                + change
                                + "` withdraws it"
                        : ". `reconciler cancel --change " + change + "` closes it by that outcome")
                + ", each with a --reason";
    }

    private static String inWords(Backlog.Unapproved set, String job) {
        if (set.set() == null) {
            return Counted.are(set.rows(), "row")
                    + " of no change set, and job "
                    + job
                    + " takes nothing without an approval: queue such changes as a file, which makes a set";
        }
        return Counted.of(set.rows(), "row")
                + " of change set "
                + set.set()
                + (set.rows() == 1 ? " waits" : " wait")
                + " for "
                + (set.lapsed()
                        ? "a new approval (the previous one is no longer valid)"
                        : "an approval")
                + ": `reconciler plan "
                + set.set()
                + "`, then another person than "
                + set.requestedBy()
                + " runs `reconciler approve "
                + set.set()
                + "`";
    }

    private void ofTime(Backlog backlog, List<String> reasons) {
        long rows = backlog.rows(Cause.NOT_BEFORE) + backlog.rows(Cause.PUT_OFF);
        if (rows > 0 && backlog.next() != null) {
            reasons.add(
                    Counted.are(rows, "row")
                            + " not due yet; the first is at "
                            + times.of(backlog.next()));
        }
    }

    private void withoutRun(Situation situation, List<String> reasons) {
        long dead = situation.dead();
        if (dead > 0) {
            reasons.add(
                    Counted.are(dead, "row")
                            + " in hand of a run that died: the next run puts them back, and reads first what may have been sent");
        }
        SortedMap<String, Long> due = new TreeMap<>();
        for (Backlog.Line line : situation.backlog().lines()) {
            if (line.cause() == Cause.RUN) {
                String taker = situation.takers().of(line.role(), situation.job().name());
                if (taker != null) {
                    due.merge(taker, line.rows(), Long::sum);
                }
            }
        }
        due.forEach((taker, rows) -> reasons.add(due(situation, taker, rows)));
    }

    private String due(Situation situation, String taker, long rows) {
        Situation.OfJob job = situation.job();
        List<Instant> next = taker.equals(job.name()) ? job.next(1, situation.now()) : List.of();
        return Counted.of(rows, "row")
                + (rows == 1 ? " waits" : " wait")
                + " for a run: `reconciler run "
                + taker
                + "` takes "
                + (rows == 1 ? "it" : "them")
                + " now"
                + next.stream()
                        .map(moment -> ", the schedule at " + times.of(moment))
                        .collect(Collectors.joining());
    }

    private static void withoutTaker(Situation situation, List<String> reasons) {
        SortedMap<String, Long> rows = new TreeMap<>();
        for (Backlog.Line line : situation.backlog().lines()) {
            if (line.cause() != Cause.IN_FLIGHT && situation.takers().isWithout(line.role())) {
                rows.merge(line.role().name(), line.rows(), Long::sum);
            }
        }
        rows.forEach((role, count) ->
                reasons.add(
                        Counted.are(count, "row")
                                + " of role "
                                + role
                                + ", "
                                + situation.takers().remedy(count)));
    }
}
