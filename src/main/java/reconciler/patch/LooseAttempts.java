package reconciler.patch;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import reconciler.outcome.Attempt;

/// Requests that went on the wire and are on nobody's book yet. Filled by many threads.
public final class LooseAttempts {
    private final List<Attempt> attempts = new ArrayList<>();
    private final Object entering = new Object();

    public synchronized void add(Attempt attempt) {
        attempts.add(attempt);
    }

    /// Gives them to the books, unless there are none; to one book at a time. They are kept when
    /// that fails.
    public void enter(Consumer<List<Attempt>> books) {
        synchronized (entering) {
            List<Attempt> all = all();
            if (!all.isEmpty()) {
                books.accept(all);
                forget(all.size());
            }
        }
    }

    public synchronized boolean isEmpty() {
        return attempts.isEmpty();
    }

    private synchronized List<Attempt> all() {
        return List.copyOf(attempts);
    }

    private synchronized void forget(int first) {
        attempts.subList(0, first).clear();
    }
}
