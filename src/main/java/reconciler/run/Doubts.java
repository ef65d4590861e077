package reconciler.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.transaction.support.TransactionTemplate;
import reconciler.audit.AuditView;
import reconciler.change.Participant;
import reconciler.patch.Predecessors;
import reconciler.queue.ClaimedPage;

/// Which superseded changes of a page are in doubt, and for how long a request for them may still
/// be on its way.
///
/// A request is over, on our side, at the latest when the call's time-out has passed, and only then
/// it is written down. Whoever took it in may carry it out later: we allow for one more time-out
/// from the moment it was written down. A request that takes longer than that is what nothing here
/// guards against; the read after the newer one was sent shows it if it has landed by then.
///
/// @param callTimeout the longest a request may take
/// @param own a transaction that is nobody else's
record Doubts(AuditView audit, Duration callTimeout, TransactionTemplate own) {
    static Doubts of(RunContext.Records records, Duration callTimeout) {
        return new Doubts(records.auditView(), callTimeout, records.ownTransaction());
    }

    Map<Participant, Predecessors> in(ClaimedPage page) {
        Map<Participant, List<Predecessors.Superseded>> doubtful = new LinkedHashMap<>();
        for (ClaimedPage.Row row : page.rows()) {
            Long by = row.supersededBy();
            if (by != null && isOne(row)) {
                doubtful.computeIfAbsent(row.change().participant(), _ -> new ArrayList<>())
                        .add(new Predecessors.Superseded(row.change(), by));
            }
        }
        Map<Participant, Predecessors> found = new LinkedHashMap<>();
        doubtful.forEach((participant, rows) ->
                found.put(participant, new Predecessors(rows, pause(participant))));
        return found;
    }

    static boolean isOne(ClaimedPage.Row row) {
        return row.supersededBy() != null && row.change().inDoubt();
    }

    private Duration pause(Participant participant) {
        return own.execute(_ -> {
            Duration age = audit.sinceLastPatch(participant.participantId());
            Duration left = age == null ? callTimeout : callTimeout.minus(age);
            return left.isNegative() ? Duration.ZERO : left;
        });
    }
}
