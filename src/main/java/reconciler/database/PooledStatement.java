package reconciler.database;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/// A statement of a [PooledConnection].
///
/// @param seen the connection as the caller has it
record PooledStatement(Statement statement, Connection seen, PooledConnection connection)
        implements InvocationHandler {
    static Object over(
            Class<?> type, Statement statement, Connection seen, PooledConnection connection) {
        return Invocation.proxy(type, new PooledStatement(statement, seen, connection));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
            throws Throwable {
        var call = new Invocation(statement, method, arguments);
        if (method.getName().equals("getConnection")) {
            return seen;
        }
        if (!method.getName().startsWith("execute")) {
            return call.run();
        }
        if (seen.getAutoCommit() && statement.getFetchSize() > 0) {
            // the rest would have to be fetched after the transaction
            statement.setFetchSize(0);
        }
        return connection.inTransaction(call);
    }
}
