package reconciler.simulator;

/// How many requests about one subject there have been, and how many at once.
final class Traffic {

    private int total;
    private int inFlight;
    private int most;

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
