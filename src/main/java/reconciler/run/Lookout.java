package reconciler.run;

import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import reconciler.audit.RunStart;
import reconciler.change.Participant;
import reconciler.outcome.Attempt;
import reconciler.patch.ApiSettings;
import reconciler.patch.AttributePatcher;
import reconciler.patch.Clearance;
import reconciler.patch.Halt;
import reconciler.patch.LooseAttempts;
import reconciler.patch.Sight;

/// The API for whoever only looks: through the pace, the tokens and the patience of a job, but
/// without its lease, so that looking is possible while a run is under way. What it sends is on
/// record, a page of looks at a time. Used by one thread.
public final class Lookout implements AutoCloseable {
    private final StopSignal stop;
    private final AttributePatcher patcher;
    private final LooseAttempts answered = new LooseAttempts();
    private final LookBook book;
    private final Attempt.Purpose purpose;

    /// @param what one of the looks
    /// @param stop is raised when the API refuses everything
    public Lookout(
            DataSource dataSource,
            ApiSettings api,
            JobFile job,
            Looker looker,
            RunStart.Trigger what,
            StopSignal stop) {
        this.stop = stop;
        patcher =
                new Patchers(dataSource, api, new Random())
                        .open(job, new LookersClearance(stop), stop);
        book = new LookBook(dataSource, () -> looker.start(job, api, what));
        purpose =
                what == RunStart.Trigger.VERIFY
                        ? Attempt.Purpose.READ_BACK
                        : Attempt.Purpose.BEFORE_IMAGE;
    }

    private record LookersClearance(StopSignal stop) implements Clearance {
        @Override
        public boolean granted() {
            return !stop.isRaised();
        }

        @Override
        public void withdrawn(Halt halt) {
            stop.raise(RunClearance.exitCode(halt.kind()), halt.message());
        }
    }

    /// @throws ApiUnusable when it cannot be worked with at all
    public void demandReady() {
        try {
            ApiCheck.demandReady(patcher.check());
        } catch (ApiUnusable unusable) {
            stop.raise(unusable.exitCode(), String.valueOf(unusable.getMessage()));
            throw unusable;
        }
    }

    /// What is there, in the order of the participants; many requests at once.
    ///
    /// @param participants of conversations that differ from each other: one look shows all of a
    ///   conversation
    /// @throws ApiUnusable when the looking was stopped
    public List<Sight> look(List<Participant> participants) {
        List<Future<Sight>> looks;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            looks =
                    participants.stream()
                            .map(participant ->
                                    threads.submit(() ->
                                            patcher.look(participant, purpose, answered::add)))
                            .toList();
        }
        enter();
        StopSignal.Reason stopped = stop.reason();
        if (stopped != null) {
            throw new ApiUnusable(stopped.exitCode(), stopped.message());
        }
        return looks.stream().map(Future::resultNow).toList();
    }

    private void enter() {
        patcher.tokenRequests().enter(book::enter);
        answered.enter(book::enter);
    }

    /// Requests so far.
    public long requests() {
        return patcher.statistics().requests();
    }

    @Override
    public void close() {
        patcher.close();
        enter();
        StopSignal.Reason stopped = stop.reason();
        if (stopped == null) {
            book.close(ExitCode.OK, "looked at what is there");
        } else {
            book.close(stopped.exitCode(), stopped.message());
        }
    }
}
