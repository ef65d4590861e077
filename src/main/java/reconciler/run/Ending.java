package reconciler.run;

import org.jspecify.annotations.Nullable;

/// How a run ends: an exit code and the sentence that explains it.
record Ending(ExitCode exitCode, String explanation) {
    static Ending nothingToDo() {
        return new Ending(ExitCode.OK, "nothing was due");
    }

    /// The ending of a run whose books balance.
    ///
    /// @param stopped why it stopped early; null when it did not
    static Ending of(Tally.Counts total, StopSignal.@Nullable Reason stopped) {
        if (stopped != null) {
            return new Ending(stopped.exitCode(), stopped.message());
        }
        long waiting = total.deferred() + total.released();
        if (total.notApplied() + waiting == 0) {
            return new Ending(ExitCode.OK, "every row is in force");
        }
        return new Ending(
                ExitCode.NOT_APPLIED,
                total.notApplied()
                        + (total.notApplied() == 1 ? " row was" : " rows were")
                        + " not applied"
                        + (waiting == 0 ? "" : ", " + waiting + " wait for a later run"));
    }
}
