package reconciler.patch;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import reconciler.change.AttributeChange;
import reconciler.change.ChangeState;
import reconciler.change.ParticipantChanges;
import reconciler.change.ParticipantRole;
import reconciler.outcome.Attempt;
import reconciler.outcome.Disposition;
import reconciler.outcome.Evidence;
import reconciler.outcome.NextStep;
import reconciler.outcome.Outcome;
import reconciler.outcome.Turn;

/// One participant's turn: compares, sends, and follows the policies until every change is settled
/// or nothing more may be sent. Runs on one thread.
final class PatchTurn {
    private final Workbench bench;
    private final PageImages page;
    private final TurnBook book;
    private final Effort effort;
    private final Lookups lookups;
    private final Resolution resolution;
    private final Confirmation confirmation;
    private final Deque<List<AttributeChange>> groups = new ArrayDeque<>();
    private final Isolation isolation;
    private ParticipantRole role;

    PatchTurn(Workbench bench, PageImages page, ParticipantChanges changes, Predecessors older) {
        this.bench = bench;
        this.page = page;
        book = new TurnBook(changes.changes(), page.intents());
        effort = bench.effort();
        lookups = new Lookups(bench.reads(), page, book, effort);
        resolution = new Resolution(bench, book, effort, older);
        confirmation = new Confirmation(bench, lookups, book, effort, !older.isEmpty());
        isolation = new Isolation(book, groups);
        role = changes.role();
    }

    Turn take() {
        book.expire(book.notInDoubt(), bench.clock().latest());
        if (resolution.resolve() != Next.STOP && compareWithImage() != Next.STOP) {
            groups.addAll(bench.parcels().pack(book, role));
            sendGroups();
        }
        return book.close(resolution.settlements());
    }

    /// Drops what is already so, and keeps what was there. Nothing in doubt is sent before this.
    private Next compareWithImage() {
        List<AttributeChange> doubtful = book.inDoubt();
        List<AttributeChange> compared =
                switch (bench.settings().beforeImage()) {
                    case READ -> book.owed();
                    case OFF ->
                            book
                                    .groups(
                                            book.owed().stream()
                                                    .filter(change ->
                                                            doubtful.contains(change)
                                                                    || page.isPlanned(change))
                                                    .toList())
                                    .stream()
                                    .flatMap(List::stream)
                                    .toList();
                };
        if (compared.isEmpty()) {
            return Next.DONE;
        }
        Attempt.Purpose purpose =
                doubtful.isEmpty() ? Attempt.Purpose.BEFORE_IMAGE : Attempt.Purpose.READ_BACK;
        Lookups.Seen seen =
                resolution.seen() == null
                        ? lookups.remembered(purpose, compared, Evidence.NONE)
                        : resolution.seen();
        if (seen == null) {
            return book.owed(compared).isEmpty() ? Next.DONE : Next.STOP;
        }
        for (AttributeChange change : compared) {
            if (!seen.image().has(change) || !doubtful.contains(change)) {
                book.rememberBefore(change, seen.image().valueOf(change));
            }
        }
        settleFound(seen, compared);
        settleDrifted(seen, book.owed(compared));
        return Next.DONE;
    }

    /// What a plan saw otherwise, or not at all, is not what anybody agreed to change.
    private void settleDrifted(Lookups.Seen seen, List<AttributeChange> changes) {
        Map<AttributeChange, Evidence> objections = new LinkedHashMap<>();
        for (AttributeChange change : changes) {
            Evidence objection =
                    page.objection(change, seen.image().valueOf(change), seen.evidence());
            if (objection != null) {
                objections.put(change, objection);
            }
        }
        var conflict = Disposition.Settled.as(ChangeState.CONFLICT);
        objections.forEach((change, reason) -> book.settle(change, conflict, reason));
        objections.forEach((change, reason) -> book.settleRest(change, conflict, reason));
    }

    private void sendGroups() {
        Next next = Next.DONE;
        while (next != Next.STOP && !groups.isEmpty()) {
            List<AttributeChange> group = groups.removeFirst();
            do {
                next = send(book.owed(group));
            } while (next == Next.AGAIN);
        }
    }

    private Next send(List<AttributeChange> changes) {
        if (changes.isEmpty()) {
            return Next.DONE;
        }
        return switch (bench.patches().send(changes, role, book)) {
            case Patches.Came(Outcome outcome, var sent, String token) ->
                    follow(effort.after(outcome), outcome, sent, token);
            case Patches.NothingLeft _ -> Next.DONE;
            case Patches.Withheld _ -> Next.STOP;
        };
    }

    private Next follow(NextStep step, Outcome outcome, List<AttributeChange> sent, String token) {
        Line line = bench.line();
        return switch (step) {
            case NextStep.Settle(ChangeState state) -> settle(state, outcome, sent);
            case NextStep.Isolate _ -> isolation.isolate(outcome, sent);
            case NextStep.CorrectRole _ -> correctRole(outcome.evidence(), sent);
            case NextStep.SendAgain(Duration pause) -> Next.againUnlessStopped(line.pause(pause));
            case NextStep.ReadBack(Duration pause) ->
                    line.pause(pause) ? readBack(outcome, sent) : Next.STOP;
            case NextStep.HoldEverybody(Duration pause) -> {
                line.hold(pause);
                yield Next.AGAIN;
            }
            case NextStep.Defer(Duration pause) -> {
                line.haltIfBeyondPatience(outcome, effort);
                book.settle(sent, new Disposition.Deferred(pause), outcome.evidence());
                yield Next.DONE;
            }
            case NextStep.RenewToken _ ->
                    Next.againUnlessStopped(line.renew(token, outcome.evidence()));
            case NextStep.Halt _ -> {
                line.halt(outcome);
                yield Next.STOP;
            }
        };
    }

    private Next settle(ChangeState state, Outcome outcome, List<AttributeChange> sent) {
        if (outcome instanceof Outcome.Applied applied) {
            return confirmation.confirm(applied, sent);
        }
        bench.line().haltIfBeyondPatience(outcome, effort);
        book.settle(sent, Disposition.Settled.as(state), outcome.evidence());
        return Next.DONE;
    }

    private Next correctRole(Evidence refusal, List<AttributeChange> sent) {
        Lookups.Seen seen = lookups.remembered(Attempt.Purpose.ROLE, sent, refusal);
        if (seen == null) {
            return book.owed(sent).isEmpty() ? Next.DONE : Next.STOP;
        }
        ParticipantRole own = bench.contract().roleOf(seen.image().purpose());
        if (own == null || own.equals(role)) {
            String purpose = StorableText.bounded(seen.image().purpose(), 40);
            book.settle(
                    sent,
                    Disposition.Settled.as(ChangeState.REJECTED),
                    refusal.andAlso("the participant's purpose is '" + purpose + "'"));
            return Next.DONE;
        }
        role = own;
        book.correctRole(own);
        return Next.AGAIN;
    }

    private Next readBack(Outcome outcome, List<AttributeChange> sent) {
        Lookups.Seen seen = lookups.fresh(sent, outcome.evidence());
        if (seen == null) {
            return book.owed(sent).isEmpty() ? Next.DONE : Next.STOP;
        }
        settleFound(seen, sent);
        return effort.allowsAnotherSend() ? Next.AGAIN : afterLastSend(seen, outcome, sent);
    }

    /// A read has shown that these are not there, and no send is left. Of what was answered by
    /// something else than the API nothing is said but that.
    private Next afterLastSend(Lookups.Seen seen, Outcome outcome, List<AttributeChange> sent) {
        if (outcome instanceof Outcome.Foreign) {
            bench.line().haltIfNeverAnswered(outcome);
            book.settle(
                    sent,
                    new Disposition.Deferred(effort.withoutVerdict().pause()),
                    outcome.evidence());
        } else if (outcome instanceof Outcome.Unknown) {
            for (AttributeChange change : book.owed(sent)) {
                book.rememberStanding(change, seen.image().valueOf(change));
                book.settle(
                        change,
                        Disposition.Settled.as(ChangeState.FAILED),
                        outcome.evidence()
                                .andAlso("read back, the API " + seen.image().difference(change)));
            }
        }
        return Next.AGAIN;
    }

    /// Settles what is already so; of the rest it is now known that it is not. An atomic group of
    /// which a part is already so is sent whole.
    private void settleFound(Lookups.Seen seen, List<AttributeChange> changes) {
        for (List<AttributeChange> group : book.groups(changes)) {
            if (group.stream().allMatch(seen.image()::has)) {
                group.forEach(change -> book.settleFound(change, seen.evidence()));
            } else {
                group.forEach(book::clearDoubt);
            }
        }
    }
}
