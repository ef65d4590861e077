package reconciler.run;

import java.util.Map;
import java.util.Set;
import reconciler.patch.AttributePatcher;
import reconciler.queue.Scope;

/// What the express lane has in its hands as long as this process holds its lease, run after run.
record ExpressDuty(
        RunContext.Records records,
        JobFile job,
        Lease lease,
        AttributePatcher patcher,
        Backlog backlog,
        StopSignal stop) {

    /// What is there now, by the rules of the job.
    Scope scope() {
        JobFile.Selection select = job.select();
        return records.due().scopeNow(Set.copyOf(select.roles()), select.approval());
    }

    /// A run that has its number; nothing was planned for it.
    RunContext context(long run, Scope scope) {
        var context =
                new RunContext(
                        run,
                        job,
                        scope,
                        lease,
                        stop,
                        new Tally(Map.of()),
                        new FailureWatch(job, stop),
                        patcher,
                        new Dispatch(
                                patcher,
                                IntentLog.of(records, lease, run, job, stop),
                                backlog,
                                Doubts.of(records, job.api().timeout())),
                        records);
        context.beginPulse();
        return context;
    }
}
