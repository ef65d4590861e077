package reconciler.patch;

import java.util.ArrayList;
import java.util.List;
import reconciler.change.AttributeChange;
import reconciler.change.ChangeState;
import reconciler.change.ParticipantRole;
import reconciler.outcome.Disposition;
import reconciler.outcome.Evidence;

/// Packs the changes of a participant into as few PATCHes as the API's limit allows, in order.
final class Parcels {
    /// `request.bytes.max` of the API.
    static final int MOST_BYTES = 512_000;

    private final Requests requests;

    Parcels(Requests requests) {
        this.requests = requests;
    }

    /// Settles what cannot be sent at all and packs the rest.
    List<List<AttributeChange>> pack(TurnBook book, ParticipantRole role) {
        boolean small = Requests.bytesAtMost(book.owed()) <= MOST_BYTES;
        for (AttributeChange change : book.owed()) {
            if (!StorableText.isUnicode(change.name()) || !StorableText.isUnicode(change.value())) {
                reject(
                        book,
                        change,
                        "value.not.unicode",
                        "not sent: the name or the value is broken Unicode");
            } else if (!small && requests.bytes(role, List.of(change)) > MOST_BYTES) {
                reject(
                        book,
                        change,
                        "request.entity.too.large",
                        "not sent: the API takes " + MOST_BYTES + " bytes at most");
            }
        }
        return packed(book.owed(), role);
    }

    private static void reject(TurnBook book, AttributeChange change, String code, String why) {
        book.settle(change, Disposition.Settled.as(ChangeState.REJECTED), Evidence.of(code, why));
    }

    private List<List<AttributeChange>> packed(
            List<AttributeChange> changes, ParticipantRole role) {
        var parcels = new ArrayList<List<AttributeChange>>();
        if (changes.isEmpty()) {
            return parcels;
        }
        if (Requests.bytesAtMost(changes) <= MOST_BYTES
                || requests.bytes(role, changes) <= MOST_BYTES) {
            parcels.add(changes);
            return parcels;
        }
        var parcel = new ArrayList<AttributeChange>();
        for (AttributeChange change : changes) {
            parcel.add(change);
            if (requests.bytes(role, parcel) > MOST_BYTES) {
                parcels.add(List.copyOf(parcel.subList(0, parcel.size() - 1)));
                parcel = new ArrayList<>(List.of(change));
            }
        }
        parcels.add(List.copyOf(parcel));
        return parcels;
    }
}
