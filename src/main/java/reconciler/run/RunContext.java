package reconciler.run;

import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;
import reconciler.audit.AuditTrail;
import reconciler.audit.AuditView;
import reconciler.audit.RunStart;
import reconciler.change.Lane;
import reconciler.outcome.Attempt;
import reconciler.patch.AttributePatcher;
import reconciler.queue.ChangeQueue;
import reconciler.queue.DueChanges;
import reconciler.queue.Expiries;
import reconciler.queue.OpenIntents;
import reconciler.queue.QueueView;
import reconciler.queue.Scope;
import reconciler.queue.SetAsides;

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

    private static final long NO_CLAIM = 0;

    /// From now on who asks can read how it goes.
    void beginPulse() {
        lease.serves(
                run,
                new PulseMeter(
                                patcher::statistics,
                                tally,
                                job.rate().ours(),
                                patcher::holdUp,
                                System::nanoTime)
                        ::pulse);
    }

    /// Puts the requests for tokens on record, in a transaction of its own. Nearly always there are
    /// none.
    void bookTokens() {
        if (!patcher.tokenRequests().isEmpty()) {
            TransactionTemplate transaction = records.ownTransaction();
            patcher.tokenRequests()
                    .enter(attempts ->
                            transaction.executeWithoutResult(_ -> {
                                lease.confirm();
                                enterTokens(attempts);
                            }));
        }
    }

    /// The same in the caller's transaction, once all other work is over: they have a chain of
    /// their own.
    void enterTokens() {
        patcher.tokenRequests().enter(this::enterTokens);
    }

    private void enterTokens(List<Attempt> attempts) {
        records.trail().append(run, "token", NO_CLAIM, attempts, List.of());
    }

    /// The tables, all through one data source.
    ///
    /// @param lane whose claims, intents, runs and lease these are
    record Records(
            DataSource dataSource,
            Lane lane,
            ChangeQueue queue,
            QueueView queueView,
            DueChanges due,
            Expiries expiries,
            SetAsides setAsides,
            OpenIntents intents,
            AuditTrail trail,
            AuditView auditView,
            Leases leases) {
        static Records of(DataSource dataSource, Lane lane) {
            return new Records(
                    dataSource,
                    lane,
                    new ChangeQueue(dataSource, lane),
                    new QueueView(dataSource),
                    new DueChanges(dataSource),
                    new Expiries(dataSource),
                    new SetAsides(dataSource),
                    new OpenIntents(dataSource, lane),
                    new AuditTrail(dataSource),
                    new AuditView(dataSource),
                    new Leases(dataSource, lane));
        }

        /// A transaction that is not the caller's: it takes a connection and gives it back.
        TransactionTemplate ownTransaction() {
            var own = new TransactionTemplate(new JdbcTransactionManager(dataSource));
            own.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
            return own;
        }

        /// Records that a run begins under a lease.
        ///
        /// @return the run's id
        /// @throws LeaseLost when another run has taken over
        long open(Lease lease, RunStart start) {
            var transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
            return transaction.execute(_ -> {
                lease.confirm();
                return trail.open(start);
            });
        }

        /// Of the other lane.
        Records beside() {
            return of(
                    dataSource,
                    switch (lane) {
                        case RUN -> Lane.EXPRESS;
                        case EXPRESS -> Lane.RUN;
                    });
        }
    }
}
