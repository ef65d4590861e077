package reconciler.run;

import java.util.List;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import reconciler.audit.AuditTrail;
import reconciler.audit.RunStart;
import reconciler.outcome.Attempt;
import reconciler.patch.LooseAttempts;

/// The book of who only looks: its requests, sealed as those of a run are, under a number of their
/// own. Needs no lease. Who sends nothing leaves nothing. Used by one thread.
final class LookBook {
    private static final String PART = "look";

    /// Of no claim.
    private static final long NO_CLAIM = 0;

    private final AuditTrail trail;
    private final TransactionTemplate transaction;
    private final Supplier<RunStart> start;
    private @Nullable Long number;

    LookBook(DataSource dataSource, Supplier<RunStart> start) {
        trail = new AuditTrail(dataSource);
        transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
        this.start = start;
    }

    void enter(List<Attempt> attempts) {
        number =
                transaction.execute(_ -> {
                    long look = number == null ? trail.open(start.get()) : number;
                    trail.append(look, PART, NO_CLAIM, attempts, List.of());
                    return look;
                });
    }

    /// What is left of an attempt to begin that sent something and got nowhere.
    ///
    /// @param sent requests for tokens
    static void leave(
            DataSource dataSource,
            Supplier<RunStart> start,
            LooseAttempts sent,
            ExitCode exitCode,
            String explanation) {
        var book = new LookBook(dataSource, start);
        sent.enter(book::enter);
        book.close(exitCode, explanation);
    }

    /// Nothing is entered after this.
    void close(ExitCode exitCode, String explanation) {
        if (number != null) {
            trail.close(number, exitCode.code(), explanation, 0);
        }
    }
}
