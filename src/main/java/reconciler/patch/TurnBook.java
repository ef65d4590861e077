package reconciler.patch;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import reconciler.change.AtomicGroups;
import reconciler.change.AttributeChange;
import reconciler.change.ChangeState;
import reconciler.change.ParticipantRole;
import reconciler.outcome.Attempt;
import reconciler.outcome.ConfirmedBy;
import reconciler.outcome.Disposition;
import reconciler.outcome.Evidence;
import reconciler.outcome.Settlement;
import reconciler.outcome.Turn;

/// The books of one participant's turn: what is still owed, what was sent for it, what is in doubt.
/// Whatever nobody settled is released when the book is closed, its doubt with it.
final class TurnBook implements Notes {
    private final SequencedMap<AttributeChange, Entry> entries = new LinkedHashMap<>();
    private final List<Attempt> attempts = new ArrayList<>();
    private final Intents intents;
    private boolean begun;
    private @Nullable ParticipantRole correctedRole;

    TurnBook(List<AttributeChange> changes, Intents intents) {
        this.intents = intents;
        changes.forEach(change -> entries.put(change, new Entry(change)));
    }

    /// What is not settled yet, in the order of the changes.
    List<AttributeChange> owed() {
        return owed(List.copyOf(entries.keySet()));
    }

    /// What of these is not settled yet.
    List<AttributeChange> owed(List<AttributeChange> changes) {
        return changes.stream().filter(change -> entry(change).settlement == null).toList();
    }

    void settle(AttributeChange change, Disposition disposition, Evidence evidence) {
        Entry entry = entry(change);
        entry.settlement = entry.as(disposition, evidence, correctedRole);
    }

    void settle(List<AttributeChange> changes, Disposition disposition, Evidence evidence) {
        owed(changes).forEach(change -> settle(change, disposition, evidence));
    }

    /// The value was found by a read: by our own doing if a request of ours went unanswered, by
    /// somebody else's if not. What was there before our own doing is not known.
    void settleFound(AttributeChange change, Evidence evidence) {
        Entry entry = entry(change);
        entry.inDoubt = entry.mayBeOurs;
        settle(
                change,
                entry.mayBeOurs
                        ? Disposition.Settled.applied(ConfirmedBy.READ_BACK)
                        : Disposition.Settled.as(ChangeState.UNCHANGED),
                evidence);
    }

    /// Settles what must not be sent any more; whether it is over, the database says.
    ///
    /// @param latest the database's time is not later
    void expire(List<AttributeChange> changes, Instant latest) {
        owed(changes).stream()
                .filter(change -> change.isExpiredAt(latest))
                .forEach(change ->
                        settle(
                                change,
                                Disposition.Settled.as(ChangeState.EXPIRED),
                                Evidence.of(
                                        "apply-by.passed",
                                        "not sent any more: its apply_by had passed")));
    }

    /// What of the owed stands or falls together with one of these, themselves among it.
    List<List<AttributeChange>> groups(List<AttributeChange> changes) {
        return AtomicGroups.of(owed()).stream()
                .filter(group -> group.stream().anyMatch(changes::contains))
                .toList();
    }

    /// What of the owed may have been applied already, with what stands or falls with it: to be
    /// looked up, even when it has expired.
    List<AttributeChange> inDoubt() {
        List<AttributeChange> doubtful =
                owed().stream().filter(change -> entry(change).inDoubt).toList();
        return doubtful.isEmpty()
                ? doubtful
                : groups(doubtful).stream().flatMap(List::stream).toList();
    }

    List<AttributeChange> notInDoubt() {
        List<AttributeChange> doubtful = inDoubt();
        return owed().stream().filter(change -> !doubtful.contains(change)).toList();
    }

    /// Settles what stands or falls with a change that is not applied, and says so.
    void settleRest(AttributeChange guilty, Disposition disposition, Evidence evidence) {
        String reason = evidence.code() == null ? "" : " (" + evidence.code() + ")";
        settle(
                owed().stream().filter(guilty::standsWith).toList(),
                disposition,
                evidence.withReason(
                        "atomic.refused",
                        "goes with change "
                                + guilty.id()
                                + " or not at all, and that was not applied"
                                + reason));
    }

    /// A request for these may have been applied.
    void doubt(List<AttributeChange> changes) {
        for (AttributeChange change : changes) {
            entry(change).inDoubt = true;
            entry(change).mayBeOurs = true;
        }
    }

    /// A read has shown that the value is not there.
    void clearDoubt(AttributeChange change) {
        entry(change).inDoubt = false;
    }

    void rememberBefore(AttributeChange change, @Nullable String value) {
        entry(change).before = value == null ? null : StorableText.of(value);
    }

    /// A read showed this instead of the value that was sent.
    void rememberStanding(AttributeChange change, @Nullable String value) {
        entry(change).standing = value == null ? null : StorableText.of(value);
    }

    void correctRole(ParticipantRole role) {
        correctedRole = role;
    }

    /// Counts a PATCH that the API dealt with, as far as anybody knows.
    void countSend(List<AttributeChange> changes) {
        changes.forEach(change -> entry(change).sends++);
    }

    @Override
    public Intents.@Nullable Recorded intend(ApiRequest request) {
        boolean opensTurn = !begun;
        begun = true;
        return intents.record(request.intent(), opensTurn);
    }

    @Override
    public void record(Reply.Tried tried, Evidence evidence, @Nullable String kept) {
        if (tried.wasSent()) {
            attempts.add(tried.attempt(evidence, kept));
        }
    }

    /// @param others settled in the same turn, by the same requests
    Turn close(List<Settlement> others) {
        owed().forEach(change -> settle(change, new Disposition.Released(), Evidence.NONE));
        List<Settlement> settlements = new ArrayList<>(others);
        entries.values().forEach(entry -> settlements.add(entry.settled()));
        return new Turn(settlements, List.copyOf(attempts));
    }

    private Entry entry(AttributeChange change) {
        Entry entry = entries.get(change);
        if (entry == null) {
            throw new IllegalArgumentException("not of this turn: " + change);
        }
        return entry;
    }

    private static final class Entry {
        private final AttributeChange change;
        private boolean inDoubt;
        private boolean mayBeOurs;
        private int sends;
        private @Nullable String before;
        private @Nullable String standing;
        private @Nullable Settlement settlement;

        Entry(AttributeChange change) {
            this.change = change;
            inDoubt = change.inDoubt();
            mayBeOurs = change.inDoubt();
        }

        Settlement as(
                Disposition disposition, Evidence evidence, @Nullable ParticipantRole corrected) {
            return new Settlement(
                    change, disposition, sends, inDoubt, evidence, before, corrected, standing);
        }

        Settlement settled() {
            if (settlement == null) {
                throw new IllegalStateException("never settled: " + change);
            }
            return settlement;
        }
    }
}
