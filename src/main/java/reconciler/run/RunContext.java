package reconciler.run;

import javax.sql.DataSource;
import reconciler.audit.AuditTrail;
import reconciler.audit.AuditView;
import reconciler.patch.AttributePatcher;
import reconciler.queue.ChangeQueue;
import reconciler.queue.DueChanges;
import reconciler.queue.OpenIntents;
import reconciler.queue.QueueView;
import reconciler.queue.Scope;

/// What one run has in its hands.
record RunContext(
        long run,
        JobFile job,
        Scope scope,
        Lease lease,
        StopSignal stop,
        Tally tally,
        FailureWatch failures,
        AttributePatcher patcher,
        Dispatch dispatch,
        Records records) {

    /// The tables, all through one data source.
    record Records(
            DataSource dataSource,
            ChangeQueue queue,
            QueueView queueView,
            DueChanges due,
            OpenIntents intents,
            AuditTrail trail,
            AuditView auditView,
            Leases leases) {
        static Records of(DataSource dataSource) {
            return new Records(
                    dataSource,
                    new ChangeQueue(dataSource),
                    new QueueView(dataSource),
                    new DueChanges(dataSource),
                    new OpenIntents(dataSource),
                    new AuditTrail(dataSource),
                    new AuditView(dataSource),
                    new Leases(dataSource));
        }
    }
}
