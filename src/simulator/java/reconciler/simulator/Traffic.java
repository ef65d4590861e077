package reconciler.simulator;

/// How many requests about one subject there have been, and how many at once.
final class Traffic {

    private Target target;

    private int total;
    private int inFlight;
    private int most;

    Traffic(Target target) {
        this.target = target;
    }

    /// The same target, as one object for all requests that come the same way.
    synchronized Target oneOf(Target equal) {
        if (!target.equals(equal)) {
            target = equal;
        }
        return target;
    }

    /// The number of this request, counted from 1.
    synchronized int enter() {
        inFlight++;
        most = Math.max(most, inFlight);
        return ++total;
    }

    synchronized void leave() {
        inFlight--;
    }

    synchronized int most() {
        return most;
    }
}
