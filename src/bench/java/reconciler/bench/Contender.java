package reconciler.bench;

import java.util.Arrays;
import java.util.stream.Stream;
import reconciler.bench.peer.Peers;

/// Whoever does the work.
sealed interface Contender {
    static Stream<Contender> all() {
        return Stream.concat(
                Stream.of(new Product(), new Pair()),
                Arrays.stream(Peers.values()).map(Other::new));
    }

    String name();

    String title();

    default boolean takesPartIn(Work work) {
        return work.contenders().isEmpty() || work.contenders().contains(name());
    }

    /// How many of the rows it gets, so that one round of the slowest does not take half an hour.
    default int rowsOf(Work work) {
        return work.rows();
    }

    /// The product as it is shipped: the launcher, a job file, the queue.
    record Product() implements Contender {
        @Override
        public String name() {
            return "PRODUCT";
        }

        @Override
        public String title() {
            return "**attribute reconciler**";
        }
    }

    /// A run and an express lane, each in a process of its own, that share the allowance: half of
    /// the rows are urgent.
    record Pair() implements Contender {
        @Override
        public String name() {
            return "PRODUCT_PAIR";
        }

        @Override
        public String title() {
            return "**attribute reconciler**, `run` and `serve`";
        }

        @Override
        public boolean takesPartIn(Work work) {
            return work.isLimited();
        }
    }

    /// Somebody else.
    record Other(Peers peer) implements Contender {
        private static final int FEWEST = 200;

        @Override
        public String name() {
            return peer.name();
        }

        @Override
        public String title() {
            return peer.title();
        }

        @Override
        public int rowsOf(Work work) {
            long share = (long) work.rows() * peer.parallel(work.inFlight()) / work.inFlight();
            return Math.clamp(share, Math.min(FEWEST, work.rows()), work.rows());
        }
    }
}
