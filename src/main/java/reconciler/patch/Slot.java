package reconciler.patch;

/// Leave for one request to go now. Who is held up between getting it and the wire asks again, and
/// gets another one when it is missed: late requests would leave together.
@FunctionalInterface
public interface Slot {
    /// Whether it is too late to go.
    boolean isMissed();

    /// Any time will do.
    static Slot whenever() {
        return () -> false;
    }
}
