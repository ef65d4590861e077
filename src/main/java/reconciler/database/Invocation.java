package reconciler.database;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A call of one method, to be passed on.
final class Invocation {
    private final Object target;
    private final Method method;
    private final @Nullable Object @Nullable [] arguments;

    Invocation(Object target, Method method, @Nullable Object @Nullable [] arguments) {
        this.target = target;
        this.method = method;
        this.arguments = arguments;
    }

    static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(
                        Invocation.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    /// @throws Throwable what the method throws
    @Nullable Object run() throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }

    /// What a method returns that never returns null.
    Object result() throws Throwable {
        return Objects.requireNonNull(run());
    }

    /// The first.
    <T> T argument(Class<T> type) {
        return type.cast(Objects.requireNonNull(Objects.requireNonNull(arguments)[0]));
    }
}
