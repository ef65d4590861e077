package reconciler.run;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionTemplate;
import reconciler.outcome.Attempt;
import reconciler.queue.ChangeQueue;
import reconciler.queue.OpenIntents.Unanswered;

/// What runs of a lane that died have left behind. Only who holds the lane's lease may look: nobody
/// else is at work on it.
final class DeadRuns {
    /// The part of a dead run that its successor writes.
    private static final String PART = "takeover";

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

    private final RunContext.Records records;
    private final TransactionTemplate transaction;

    DeadRuns(RunContext.Records records) {
        this.records = records;
        // a partition may ask, whose own transaction must not come by a connection
        this.transaction = records.ownTransaction();
    }

    /// What was found.
    ///
    /// @param runs runs without an end
    /// @param rows rows they left IN_FLIGHT, now PENDING
    /// @param unanswered their requests that may have been sent
    /// @param failover what was found of a change of the database's server; null when there was
    ///   none
    record Found(
            List<Long> runs,
            ChangeQueue.Reclaimed rows,
            int unanswered,
            @Nullable String failover) {
        Found after(@Nullable String change) {
            return new Found(runs, rows, unanswered, change);
        }

        boolean isNothing() {
            return runs.isEmpty() && rows.all() == 0;
        }

        /// @param mended what was done about Batch's own tables; null when nothing had to be
        @Nullable String inWords(@Nullable String mended) {
            String said =
                    Stream.of(
                                    failover,
                                    isNothing() ? null : found(),
                                    mended == null
                                            ? null
                                            : "Batch's metadata was repaired: " + mended)
                            .filter(Objects::nonNull)
                            .collect(Collectors.joining("; "));
            return said.isEmpty() ? null : said;
        }

        private String found() {
            String who =
                    runs.isEmpty()
                            ? "no run"
                            : "run "
                                    + String.join(
                                            ", ", runs.stream().map(String::valueOf).toList());
            return "found "
                    + who
                    + " dead: "
                    + counted(rows.all(), "row")
                    + " put back, "
                    + rows.inDoubt()
                    + " of them in doubt and to be read before anything is sent; "
                    + counted(unanswered, "request")
                    + " that may have been sent went unanswered";
        }

        private static String counted(int number, String what) {
            return number + " " + what + (number == 1 ? "" : "s");
        }
    }

    /// Records what may have been sent, puts the rows back and gives the runs an end, all at once.
    /// When the database is another than the last holder's, waits first until what that one had on
    /// the wire is over.
    Found bury(Lease lease) {
        String failover = new Failovers(records).outlive(lease);
        return transaction
                .execute(_ -> {
                    lease.confirm();
                    return buried();
                })
                .after(failover);
    }

    /// The same for whoever works on the other lane and finds rows in the way whose holder has died
    /// and has no successor. The lease passes through our hands and is free again. To be asked
    /// again and again: that the holder has died is certain only when it was looked at for as long
    /// as its lease lasts.
    ///
    /// @return null when nothing is in flight, or somebody holds the lease, as far as can be told
    @Nullable Found buryAbandoned(String owner) {
        return transaction
                .execute(_ -> isAbandoned(owner) ? Optional.of(buried()) : Optional.<Found>empty())
                .orElse(null);
    }

    /// The same, but waits where it cannot be told yet whether the holder has died.
    @Nullable Found buryAbandoned(String owner, StopSignal stop) {
        while (hasRows()
                && records.leases().takeOver().isUncertain()
                && stop.pause(BETWEEN_LOOKS)) {
            // its holder may show itself
        }
        return buryAbandoned(owner);
    }

    private boolean isAbandoned(String owner) {
        return hasRows() && records.leases().takeOver().passThrough(owner);
    }

    private boolean hasRows() {
        return records.queueView().inFlight(records.lane()) > 0;
    }

    private Found buried() {
        List<Unanswered> unanswered = record();
        ChangeQueue.Reclaimed rows = putBack();
        List<Long> runs = records.trail().unfinishedRuns(records.lane());
        if (!runs.isEmpty()) {
            new Unhurried(records.dataSource()).begin();
        }
        for (long run : runs) {
            records.trail().close(run, null, "died; found by the next run", 0);
        }
        return new Found(runs, rows, unanswered.size(), null);
    }

    /// What a run left open at its own end: nothing, unless something is wrong. In the transaction
    /// that writes the end, since nothing may follow it.
    ChangeQueue.Reclaimed settleOwn() {
        record();
        return putBack();
    }

    private List<Unanswered> record() {
        List<Unanswered> unanswered = records.intents().all();
        unanswered.stream()
                .collect(
                        Collectors.groupingBy(Claimed::of, LinkedHashMap::new, Collectors.toList()))
                .forEach(this::record);
        return unanswered;
    }

    /// Rows with an open intent go back in doubt, so the intents go last.
    private ChangeQueue.Reclaimed putBack() {
        ChangeQueue.Reclaimed rows = records.queue().reclaim();
        records.intents().closeAll();
        return rows;
    }

    private record Claimed(long run, long claim) {
        static Claimed of(Unanswered request) {
            return new Claimed(request.run(), request.claim());
        }
    }

    private void record(Claimed by, List<Unanswered> requests) {
        List<Attempt> attempts = requests.stream().map(Unanswered::attempt).toList();
        records.trail().append(by.run(), PART, by.claim(), attempts, List.of());
    }
}
