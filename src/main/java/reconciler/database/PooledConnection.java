package reconciler.database;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/// A connection behind which every transaction may run in another session: each begins with the
/// settings it needs, and leaves none behind. A statement outside a transaction gets one of its
/// own. Used by one thread at a time, as every connection.
final class PooledConnection implements InvocationHandler {
    private final Connection connection;
    private final SessionSettings wanted;
    private int isolation = Connection.TRANSACTION_READ_COMMITTED;
    private boolean begun;

    private PooledConnection(Connection connection, SessionSettings wanted) {
        this.connection = connection;
        this.wanted = wanted;
    }

    static Connection over(Connection connection, SessionSettings wanted) {
        return Invocation.proxy(Connection.class, new PooledConnection(connection, wanted));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
            throws Throwable {
        var call = new Invocation(connection, method, arguments);
        return switch (method.getName()) {
            case "getTransactionIsolation" -> isolation;
            case "setTransactionIsolation" -> {
                isolation = call.argument(Integer.class);
                yield null;
            }
            case "createStatement", "prepareStatement", "prepareCall" ->
                    PooledStatement.over(
                            method.getReturnType(),
                            (Statement) call.result(),
                            (Connection) proxy,
                            this);
            case "setAutoCommit" -> {
                begun &= connection.getAutoCommit() == call.argument(Boolean.class);
                yield call.run();
            }
            case "rollback" -> {
                begun &= arguments != null && arguments[0] instanceof Savepoint;
                yield call.run();
            }
            case "commit" -> {
                begun = false;
                yield call.run();
            }
            // COPY goes past the statements
            case "setSavepoint", "unwrap" -> {
                begin();
                yield call.run();
            }
            default -> call.run();
        };
    }

    /// Runs what sends a statement.
    @Nullable Object inTransaction(Invocation execution) throws Throwable {
        if (connection.getAutoCommit()) {
            return inOneOfItsOwn(execution);
        }
        begin();
        return execution.run();
    }

    /// Begins the transaction that the caller wants, where it has not begun.
    private void begin() throws SQLException {
        if (!begun && !connection.getAutoCommit()) {
            wanted.ofTransaction(connection, isolation);
            begun = true;
        }
    }

    private @Nullable Object inOneOfItsOwn(Invocation execution) throws Throwable {
        connection.setAutoCommit(false);
        try {
            wanted.ofTransaction(connection, isolation);
            Object result = execution.run();
            connection.commit();
            connection.setAutoCommit(true);
            return result;
        } catch (Throwable failure) {
            giveUp(failure);
            throw failure;
        }
    }

    private void giveUp(Throwable failure) {
        try {
            connection.rollback();
            connection.setAutoCommit(true);
        } catch (SQLException gone) {
            failure.addSuppressed(gone);
        }
    }
}
