package reconciler.run;

import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import reconciler.queue.ClaimedPage;

/// One run of the express lane, from the first urgent change to the lull after the last one: the
/// same books as any other run's, without Batch. Used by one thread.
final class ExpressRun {
    private static final String PART = "express";

    private final RunContext run;
    private final PagesUnderWay underWay;
    private final PageBooks books;
    private final TransactionTemplate transaction;

    ExpressRun(RunContext run) {
        this.run = run;
        this.underWay = new PagesUnderWay(run.dispatch());
        this.books = new PageBooks(run, PART);
        this.transaction =
                new TransactionTemplate(new JdbcTransactionManager(run.records().dataSource()));
    }

    void send(ClaimedPage page) {
        underWay.send(page);
    }

    boolean isIdle() {
        return underWay.isEmpty();
    }

    /// Settles the pages whose last answer is there.
    ///
    /// @return whether there were any
    boolean settleEnded() {
        SentPage page = underWay.poll();
        boolean any = page != null;
        while (page != null) {
            settle(page);
            page = underWay.poll();
        }
        return any;
    }

    private void settle(SentPage page) {
        run.bookTokens();
        Entered entered = transaction.execute(_ -> books.enter(page));
        run.dispatch().backlog().settled(page.bytes());
        run.tally().add(entered.settled());
        run.failures().saw(entered);
    }

    void await(BooleanSupplier isNews, boolean orRoom, Duration most) {
        underWay.await(isNews, orRoom, most);
    }

    /// Nothing is on the wire any more.
    void awaitAll() {
        underWay.awaitAll();
    }

    /// Counts, and writes the run's end.
    ///
    /// @return what became of it, in words
    String end() {
        List<String> errors = Books.ofExpress(run).errors();
        Tally.Counts total = run.tally().total();
        Ending ending =
                errors.isEmpty()
                        ? Ending.of(total, run.stop().reason())
                        : new Ending(
                                ExitCode.INTEGRITY,
                                String.valueOf(new BooksDoNotBalance(errors).getMessage()));
        transaction.executeWithoutResult(_ -> {
            run.lease().confirm();
            run.enterTokens();
            int putBack = new DeadRuns(run.records()).settleOwn().all();
            run.records()
                    .trail()
                    .close(
                            run.run(),
                            ending.exitCode().code(),
                            ending.explanation(),
                            total.deferred() + total.released() + putBack);
        });
        return "run "
                + run.run()
                + " of job "
                + run.job().job()
                + ", the express lane: exit "
                + ending.exitCode().code()
                + ", "
                + total.done()
                + (total.done() == 1 ? " row, " : " rows, ")
                + ending.explanation();
    }
}
