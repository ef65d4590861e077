package reconciler.run;

import java.time.Duration;
import reconciler.patch.Clearance;
import reconciler.patch.Halt;

/// A run's permission to send: nobody asked it to stop, and its lease outlives the call. What makes
/// sending pointless stops the run, so that nobody waits for a turn that will not come.
record RunClearance(StopSignal stop, Lease lease, Duration callTimeout) implements Clearance {
    @Override
    public boolean granted() {
        return !stop.isRaised() && lease.covers(callTimeout);
    }

    @Override
    public void withdrawn(Halt halt) {
        stop.raise(exitCode(halt.kind()), halt.message());
    }

    static ExitCode exitCode(Halt.Kind kind) {
        return switch (kind) {
            case CREDENTIALS, PERMISSION -> ExitCode.PERMISSION;
            case PROXY -> ExitCode.CONFIGURATION;
            case THROTTLED -> ExitCode.NOT_APPLIED;
            case BROKEN -> ExitCode.STOPPED_BY_FAILURES;
            case DISTRUSTED, UNAVAILABLE -> ExitCode.UNAVAILABLE;
        };
    }
}
