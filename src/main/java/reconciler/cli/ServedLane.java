package reconciler.cli;

import java.util.Random;
import org.jspecify.annotations.Nullable;
import reconciler.database.Database;
import reconciler.patch.ApiSettings;
import reconciler.run.ExitCode;
import reconciler.run.ExpressLane;
import reconciler.run.JobFile;
import reconciler.run.StopSignal;

/// The express lane beside the schedules, with connections of its own: it never waits for those of
/// a run.
final class ServedLane implements AutoCloseable {
    private final StopSignal parent;
    private final StopSignal stop;
    private final Database database;
    private final Thread thread;

    private ServedLane(Session session, JobFile job, ApiSettings api, StopSignal parent) {
        this.parent = parent;
        this.stop = parent.child();
        this.database = session.databaseForExpressLane();
        if (database.server().pooled() && database.settings().listenUrl() == null) {
            session.terminal()
                    .say(
                            "The express lane looks for urgent changes twice a second: behind a pooler nothing can tell it of them"
                                    + " (RECONCILER_DB_LISTEN_URL, past the pooler, can).");
        }
        var lane =
                new ExpressLane(
                        database.dataSource(),
                        api,
                        Session.identity(),
                        new Random(),
                        () -> DatabaseBell.in(database));
        var watcher =
                new ExpressLane.Watcher(
                        session.terminal()::say,
                        failure ->
                                session.terminal()
                                        .say(
                                                "the express lane could not work: "
                                                        + new Failures(session)
                                                                .meaning(failure)
                                                                .message()));
        this.thread =
                Thread.ofPlatform().name("express").start(() -> lane.work(job, stop, watcher));
    }

    /// Begins to serve it.
    ///
    /// @param job null: there is none
    /// @param parent ends it too
    static @Nullable ServedLane open(
            Session session, @Nullable JobFile job, ApiSettings api, StopSignal parent) {
        return job == null ? null : new ServedLane(session, job, api, parent);
    }

    /// Waits until what it has sent is settled.
    @Override
    public void close() {
        stop.raise(ExitCode.STOPPED, "the schedules are not served any more");
        parent.forget(stop);
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        database.close();
    }
}
