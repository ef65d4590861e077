package reconciler.run;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reconciler.queue.PausedSets;

/// How a run ends: an exit code and the sentence that explains it.
record Ending(ExitCode exitCode, String explanation) {
    static Ending nothingToDo() {
        return new Ending(ExitCode.OK, "nothing was due");
    }

    /// Whoever has taken over tells what became of the rows.
    static Ending of(LeaseLost lost) {
        return new Ending(ExitCode.LOCKED, String.valueOf(lost.getMessage()));
    }

    /// The same ending, with what nobody was to take.
    Ending beside(long rows, List<PausedSets.Paused> paused) {
        return beside(
                rows,
                (rows == 1 ? " row waits: " : " rows wait: ")
                        + paused.stream().map(Ending::inWords).collect(Collectors.joining(", ")));
    }

    /// The same ending, with what nobody has agreed to.
    Ending besideUnapproved(long rows) {
        return beside(
                rows,
                (rows == 1 ? " row waits" : " rows wait")
                        + " for an approval, `reconciler status` tells of what");
    }

    /// The same ending, with what became due again, or was committed, behind the run's back.
    Ending besideDue(long rows) {
        return beside(
                rows,
                (rows == 1 ? " row is due and waits" : " rows are due and wait")
                        + " for the next run");
    }

    /// The same ending, with what was set aside, by this run or before, and waits for a person.
    ///
    /// @param now rows that this run has set aside
    Ending besideSetAside(long now, long all) {
        ExitCode code = now > 0 && exitCode == ExitCode.OK ? ExitCode.NOT_APPLIED : exitCode;
        return new Ending(code, explanation)
                .beside(
                        all,
                        (all == 1 ? " row is" : " rows are")
                                + " set aside, `reconciler status` names "
                                + (all == 1 ? "it" : "them"));
    }

    private Ending beside(long rows, String wait) {
        return rows == 0 ? this : new Ending(exitCode, explanation + "; " + rows + wait);
    }

    private static String inWords(PausedSets.Paused paused) {
        return (paused.set() == null ? "everything" : "change set " + paused.set())
                + " is paused by "
                + paused.by();
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
