package reconciler.patch;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reconciler.change.AttributeChange;
import reconciler.change.ChangeState;
import reconciler.outcome.ConfirmedBy;
import reconciler.outcome.Difference;
import reconciler.outcome.Disposition;
import reconciler.outcome.Evidence;
import reconciler.outcome.NextStep;
import reconciler.outcome.Outcome;

/// What happens to a success: taken as it is where its answer shows no other value than the one
/// sent, or, in a sample, looked up. A value may take a moment to show; one that does not show is
/// sent again; one that the API altered, as answer and read agree, is not.
final class Confirmation {
    private static final List<Duration> PAUSES =
            List.of(Duration.ofMillis(200), Duration.ofMillis(800), Duration.ofSeconds(2));

    private final Workbench bench;
    private final Lookups lookups;
    private final TurnBook book;
    private final Effort effort;
    private boolean inSample;
    private Map<String, String> answered = Map.of();
    private Lookups.@Nullable Seen seen;

    /// @param always whether each success is looked up, in the sample or not
    Confirmation(Workbench bench, Lookups lookups, TurnBook book, Effort effort, boolean always) {
        this.bench = bench;
        this.lookups = lookups;
        this.book = book;
        this.effort = effort;
        this.inSample = always;
    }

    Next confirm(Outcome.Applied applied, List<AttributeChange> sent) {
        inSample = inSample || bench.random().nextDouble() < bench.settings().verifySample();
        answered =
                applied.differences().stream()
                        .collect(Collectors.toMap(Difference::attribute, Difference::inWords));
        seen = null;
        List<AttributeChange> different = different(sent);
        List<AttributeChange> doubtful = inSample ? sent : different;
        boolean looked = !doubtful.isEmpty() && canLook(doubtful);
        believe(applied, sent, looked ? doubtful : different);
        if (book.owed(sent).isEmpty()) {
            return Next.DONE;
        }
        return looked ? afterLook(applied, sent) : unseen(applied, book.owed(sent));
    }

    /// What the answer shows otherwise than it was sent, with what stands or falls with it.
    private List<AttributeChange> different(List<AttributeChange> sent) {
        List<AttributeChange> named =
                sent.stream().filter(change -> answered.containsKey(change.name())).toList();
        return named.isEmpty() ? named : book.groups(named).stream().flatMap(List::stream).toList();
    }

    private void believe(
            Outcome.Applied applied, List<AttributeChange> sent, List<AttributeChange> doubtful) {
        var open = new HashSet<>(doubtful);
        book.settle(
                sent.stream().filter(change -> !open.contains(change)).toList(),
                Disposition.Settled.applied(applied.confirmedBy()),
                applied.evidence());
    }

    /// Settles what shows; of an atomic group, when all of it does.
    ///
    /// @return false when no look is possible
    private boolean canLook(List<AttributeChange> changes) {
        boolean looked = look(changes);
        for (Duration pause : PAUSES) {
            if (!looked || isAllTold(book.owed(changes))) {
                break;
            }
            looked = bench.line().pause(pause) && look(book.owed(changes));
        }
        return looked;
    }

    private boolean look(List<AttributeChange> changes) {
        Lookups.Seen glimpse = lookups.glimpse(changes);
        if (glimpse == null) {
            return false;
        }
        seen = glimpse;
        for (List<AttributeChange> group : book.groups(changes)) {
            if (group.stream().allMatch(glimpse.image()::has)) {
                book.settle(
                        group,
                        Disposition.Settled.applied(ConfirmedBy.READ_BACK),
                        glimpse.evidence());
            }
        }
        return true;
    }

    /// Whether another look could change nothing.
    private boolean isAllTold(List<AttributeChange> owed) {
        List<AttributeChange> altered = owed.stream().filter(this::isAltered).toList();
        return owed.stream()
                .allMatch(change ->
                        altered.contains(change) || altered.stream().anyMatch(change::standsWith));
    }

    /// Whether the read shows a value, and it differs as the answer said.
    private boolean isAltered(AttributeChange change) {
        String words = shown(change);
        return words != null
                && words.equals(answered.get(change.name()))
                && seen != null
                && seen.image().valueOf(change) != null;
    }

    private @Nullable String shown(AttributeChange change) {
        return seen == null ? null : seen.image().difference(change);
    }

    private Next afterLook(Outcome.Applied applied, List<AttributeChange> sent) {
        fail(applied, book.owed(sent).stream().filter(this::isAltered).toList(), "");
        List<AttributeChange> missing = book.owed(sent);
        return missing.isEmpty() ? Next.DONE : notVisible(applied, missing);
    }

    /// The answer shows another value, and no read can tell more.
    private Next unseen(Outcome.Applied applied, List<AttributeChange> owed) {
        book.doubt(owed);
        if (!bench.line().isOpen()) {
            return Next.STOP;
        }
        fail(
                applied,
                owed.stream().filter(change -> answered.containsKey(change.name())).toList(),
                "; that is what its answer shows, the participant could not be read");
        return Next.DONE;
    }

    private void fail(Outcome.Applied applied, List<AttributeChange> altered, String more) {
        for (AttributeChange change : book.owed(altered)) {
            Evidence reason =
                    applied.evidence()
                            .withReason(
                                    "value.altered",
                                    "the API said yes, but it "
                                            + answered.get(change.name())
                                            + more);
            var failed = Disposition.Settled.as(ChangeState.FAILED);
            rememberStanding(change);
            book.settle(change, failed, reason);
            book.settleRest(change, failed, reason);
        }
    }

    private void rememberStanding(AttributeChange change) {
        if (seen != null) {
            book.rememberStanding(change, seen.image().valueOf(change));
        }
    }

    private Next notVisible(Outcome.Applied applied, List<AttributeChange> missing) {
        book.doubt(missing);
        NextStep step = effort.after(new Outcome.Unknown(null, notVisible(applied, "")));
        if (effort.allowsAnotherSend() && step instanceof NextStep.ReadBack(Duration pause)) {
            return Next.againUnlessStopped(bench.line().pause(pause));
        }
        for (AttributeChange change : missing) {
            String words = shown(change);
            rememberStanding(change);
            book.settle(
                    change,
                    Disposition.Settled.as(ChangeState.FAILED),
                    notVisible(applied, words == null ? "" : ": the API " + words));
        }
        return Next.DONE;
    }

    private static Evidence notVisible(Outcome.Applied applied, String words) {
        return applied.evidence()
                .withReason(
                        "not.visible", "confirmed by the API, but a read does not show it" + words);
    }
}
