package reconciler.run;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.ConnectionProxy;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/// The transactions of the job repository: they have their connection before the repository takes
/// its locks.
///
/// Batch updates steps and their contexts under one lock each per JVM. Whoever settled a page comes
/// there with a connection; a page without rows, or the end of a step, would come without one, get
/// the lock, and wait for a connection, while all connections wait for the lock.
final class PromptTransactions extends JdbcTransactionManager {
    private final DataSource dataSource;

    PromptTransactions(DataSource dataSource) {
        super(dataSource);
        this.dataSource = dataSource;
    }

    @Override
    protected Object doGetTransaction() {
        if (TransactionSynchronizationManager.hasResource(dataSource)) {
            takeConnection();
        }
        return super.doGetTransaction();
    }

    @Override
    protected void doBegin(Object transaction, TransactionDefinition definition) {
        super.doBegin(transaction, definition);
        try {
            takeConnection();
        } catch (RuntimeException failure) {
            doCleanupAfterCompletion(transaction);
            throw failure;
        }
    }

    private void takeConnection() {
        Connection connection = DataSourceUtils.getConnection(dataSource);
        try {
            if (connection instanceof ConnectionProxy lazy) {
                Objects.requireNonNull(lazy.getTargetConnection()).isReadOnly();
            }
        } catch (SQLException failure) {
            throw new CannotCreateTransactionException("no connection", failure);
        } finally {
            DataSourceUtils.releaseConnection(connection, dataSource);
        }
    }
}
