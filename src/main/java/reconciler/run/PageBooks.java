package reconciler.run;

import java.util.ArrayList;
import java.util.List;
import reconciler.change.ChangeState;
import reconciler.outcome.Attempt;
import reconciler.outcome.Disposition;
import reconciler.outcome.Evidence;
import reconciler.outcome.Settlement;
import reconciler.outcome.Turn;
import reconciler.queue.ClaimedPage;

/// Enters what came of a page: row states, attempts and outcomes together, fenced by the lease.
///
/// @param part what the run divides itself into; its pages are entered one at a time
record PageBooks(RunContext run, String part) {
    /// In the caller's transaction, once the page's last call has ended.
    ///
    /// @throws LeaseLost when another has taken over
    Entered enter(SentPage sent) {
        List<Settlement> settlements = new ArrayList<>(superseded(sent.page()));
        List<Attempt> attempts = new ArrayList<>();
        for (Turn turn : sent.ended()) {
            settlements.addAll(turn.settlements());
            attempts.addAll(turn.attempts());
        }
        List<Settlement> decided = run.records().expiries().decide(settlements);
        return new Settling(run.records(), run.lease(), run.run(), part)
                .settle(sent.page().claim(), attempts, decided);
    }

    /// What came along with newer changes, and was not sent; what of it is in doubt has a turn.
    static List<Settlement> superseded(ClaimedPage page) {
        return page.rows().stream()
                .filter(row -> row.supersededBy() != null && !Doubts.isOne(row))
                .map(row ->
                        Settlement.unsent(
                                row.change(),
                                Disposition.Settled.as(ChangeState.SUPERSEDED),
                                Evidence.of(
                                        "superseded",
                                        "change " + row.supersededBy() + " is newer")))
                .toList();
    }
}
