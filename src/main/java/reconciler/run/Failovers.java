package reconciler.run;

import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import reconciler.audit.Event;
import reconciler.queue.ServerHistory;

/// Notices that the database is not the server any more that a lane has worked on: another one was
/// promoted, or a backup was restored. Commits of the last runs may be missing.
final class Failovers {
    private final RunContext.Records records;
    private final ServerHistory history;
    private final TransactionTemplate transaction;

    Failovers(RunContext.Records records) {
        this.records = records;
        history = new ServerHistory(records.dataSource(), records.lane());
        transaction = new TransactionTemplate(new JdbcTransactionManager(records.dataSource()));
    }

    /// When there was a failover: waits until what earlier holders of the lease had on the wire is
    /// over, whether this server knows of them or not, and writes down what is in doubt.
    ///
    /// @return what was found, in words; null when there was none, or the run is to end instead
    /// @throws LeaseLost when another run has taken over
    @Nullable String outlive(Lease lease) {
        return history.isAnother() && lease.outlastOthers() ? note(lease) : null;
    }

    private String note(Lease lease) {
        ServerHistory.Noted noted =
                transaction.execute(_ -> {
                    lease.confirm();
                    ServerHistory.Noted written = history.note();
                    records.trail().append(event(written));
                    return written;
                });
        return "the database has failed over, or is another server (it was "
                + noted.earlier()
                + ", it is "
                + noted.server()
                + "): changes up to "
                + noted.doubtfulUntil()
                + " that wait are read back before anything is sent for them";
    }

    private static Event event(ServerHistory.Noted noted) {
        return new Event(
                "reconciler",
                "noticed a failover",
                "database server " + noted.server(),
                "the runs before worked on database server " + noted.earlier(),
                "changes up to "
                        + noted.doubtfulUntil()
                        + " that wait are read back before they are sent; requests of the last moments before the failover"
                        + " may have no attempt on record");
    }
}
