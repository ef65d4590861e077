package reconciler.queue;

import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.TransactionTemplate;

/// Parts of the caller's transaction that may fail alone.
public final class Savepoints {
    /// What a constraint or a trigger has put off until the commit is said here.
    private static final String NOTHING_IS_PUT_OFF = "SET CONSTRAINTS ALL IMMEDIATE";

    private final JdbcClient jdbc;
    private final TransactionTemplate part;

    public Savepoints(DataSource dataSource) {
        jdbc = JdbcClient.create(dataSource);
        part = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
        part.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
    }

    /// Does it, or leaves everything as it was.
    ///
    /// @return why it could not be done; null when it was
    public @Nullable RuntimeException attempt(Runnable statements) {
        return carryOut(statements, false);
    }

    /// Says whether it could be done, and leaves everything as it was.
    ///
    /// @return why it could not be done; null when it could
    public @Nullable RuntimeException rehearse(Runnable statements) {
        return carryOut(statements, true);
    }

    private @Nullable RuntimeException carryOut(Runnable statements, boolean undo) {
        try {
            part.executeWithoutResult(status -> {
                statements.run();
                jdbc.sql(NOTHING_IS_PUT_OFF).update();
                if (undo) {
                    status.setRollbackOnly();
                }
            });
            return null;
        } catch (TransactionSystemException gone) {
            // the savepoint went with its connection; what had failed before says why
            return gone.getApplicationException() instanceof RuntimeException first ? first : gone;
        } catch (RuntimeException failure) {
            return failure;
        }
    }
}
