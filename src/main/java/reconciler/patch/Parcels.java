package reconciler.patch;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import reconciler.change.ApiLimits;
import reconciler.change.AtomicGroups;
import reconciler.change.AttributeChange;
import reconciler.change.ChangeState;
import reconciler.change.ParticipantRole;
import reconciler.outcome.Disposition;
import reconciler.outcome.Evidence;

/// Packs the changes of a participant into as few PATCHes as the API's limit allows, in order. An
/// atomic group is a PATCH of its own.
final class Parcels {
    private static final Disposition REJECTED = Disposition.Settled.as(ChangeState.REJECTED);

    private final Requests requests;

    Parcels(Requests requests) {
        this.requests = requests;
    }

    /// Settles what cannot be sent at all and packs the rest.
    List<List<AttributeChange>> pack(TurnBook book, ParticipantRole role) {
        for (AttributeChange change : book.owed()) {
            if (!StorableText.isUnicode(change.name()) || !StorableText.isUnicode(change.value())) {
                reject(
                        book,
                        change,
                        "value.not.unicode",
                        "not sent: the name or the value is broken Unicode");
            } else if (isTooLarge(role, List.of(change))) {
                reject(
                        book,
                        change,
                        "request.entity.too.large",
                        "not sent: the API takes " + ApiLimits.REQUEST_BYTES + " bytes at most");
            }
        }
        return packed(book, role);
    }

    private static void reject(TurnBook book, AttributeChange change, String code, String why) {
        if (book.owed(List.of(change)).isEmpty()) {
            return; // with another of its group
        }
        Evidence evidence = Evidence.of(code, why);
        book.settle(change, REJECTED, evidence);
        book.settleRest(change, REJECTED, evidence);
    }

    private List<List<AttributeChange>> packed(TurnBook book, ParticipantRole role) {
        var parcels = new ArrayList<List<AttributeChange>>();
        var alone = new ArrayList<AttributeChange>();
        for (List<AttributeChange> group : AtomicGroups.of(book.owed())) {
            if (group.getFirst().atomicGroup() == null) {
                alone.addAll(group);
            } else if (isTooLarge(role, group)) {
                book.settle(
                        group,
                        REJECTED,
                        Evidence.of(
                                "request.entity.too.large",
                                "not sent: it goes with others or not at all, and together they are"
                                        + " more than the "
                                        + ApiLimits.REQUEST_BYTES
                                        + " bytes that the API takes"));
            } else {
                parcels.add(group);
            }
        }
        parcels.addAll(packed(alone, role));
        parcels.sort(Comparator.comparingLong(parcel -> parcel.getFirst().id()));
        return parcels;
    }

    private List<List<AttributeChange>> packed(
            List<AttributeChange> changes, ParticipantRole role) {
        var parcels = new ArrayList<List<AttributeChange>>();
        if (changes.isEmpty()) {
            return parcels;
        }
        if (!isTooLarge(role, changes)) {
            parcels.add(changes);
            return parcels;
        }
        var parcel = new ArrayList<AttributeChange>();
        for (AttributeChange change : changes) {
            parcel.add(change);
            if (isTooLarge(role, parcel)) {
                parcels.add(List.copyOf(parcel.subList(0, parcel.size() - 1)));
                parcel = new ArrayList<>(List.of(change));
            }
        }
        parcels.add(List.copyOf(parcel));
        return parcels;
    }

    private boolean isTooLarge(ParticipantRole role, List<AttributeChange> changes) {
        return Requests.bytesAtMost(changes) > ApiLimits.REQUEST_BYTES
                && requests.bytes(role, changes) > ApiLimits.REQUEST_BYTES;
    }
}
