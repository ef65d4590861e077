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
    private final @Nullable Thread thread;

    /// Begins to serve it.
    ///
    /// @param job null: there is none
    /// @param parent ends it too
    ServedLane(Session session, @Nullable JobFile job, ApiSettings api, StopSignal parent) {
        this.parent = parent;
        this.stop = parent.child();
        this.thread =
                job == null
                        ? null
                        : Thread.ofPlatform().name("express").start(() -> serve(session, job, api));
    }

    private void serve(Session session, JobFile job, ApiSettings api) {
        try (Database database = session.databaseForExpressLane()) {
            new ExpressLane(
                            database.dataSource(),
                            api,
                            Session.identity(),
                            session.clock(),
                            new Random(),
                            () -> DatabaseBell.in(database))
                    .work(
                            job,
                            stop,
                            new ExpressLane.Watcher(
                                    session.terminal()::say,
                                    failure ->
                                            session.terminal()
                                                    .say(
                                                            "the express lane could not work: "
                                                                    + new Failures(session)
                                                                            .meaning(failure)
                                                                            .message())));
        }
    }

    @Override
    public void close() {
        stop.raise(ExitCode.STOPPED, "the schedules are not served any more");
        parent.forget(stop);
        if (thread != null) {
            try {
                thread.join();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
