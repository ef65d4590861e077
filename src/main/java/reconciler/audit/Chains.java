package reconciler.audit;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The chains of seals while they are walked: each seal follows the one before it, and a run's end
/// knows where its chains ended. Holds the heads of the runs under way and the numbers of the
/// others.
final class Chains {
    static final String JOURNAL = "journal";

    private static final String NONE = "0".repeat(64);

    /// By run, 0 for the journal; within a run by chain, in the order of the format.
    private final Map<Long, TreeMap<String, Link>> heads = new HashMap<>();

    private final Set<Long> closed = new HashSet<>();
    private final Faults faults;
    private final boolean fromTheBeginning;

    /// The last seal of a chain so far.
    record Link(long number, String hash) {}

    /// @param fromTheBeginning false when earlier seals are not looked at: then the journal's first
    ///   seal is taken as it comes
    Chains(Faults faults, boolean fromTheBeginning) {
        this.faults = faults;
        this.fromTheBeginning = fromTheBeginning;
    }

    void follow(SealedRow seal, String hash) {
        String chain = String.valueOf(seal.text("chain"));
        if (!chain.equals(JOURNAL) && closed.contains(seal.number("run_id"))) {
            faults.add(
                    seal.name()
                            + " was inserted: run "
                            + seal.number("run_id")
                            + " had its end before it");
        }
        TreeMap<String, Link> run =
                heads.computeIfAbsent(
                        chain.equals(JOURNAL) ? 0 : seal.number("run_id"), _ -> new TreeMap<>());
        Link last = run.get(chain);
        long number = seal.number("number");
        if (last == null && !fromTheBeginning && chain.equals(JOURNAL)) {
            last = new Link(number - 1, String.valueOf(seal.text("previous")));
        } else if (last == null) {
            last = new Link(0, NONE);
        }
        if (number != last.number() + 1) {
            faults.add(
                    seal.name()
                            + " follows number "
                            + last.number()
                            + ": what was between is missing");
        } else if (!last.hash().equals(seal.text("previous"))) {
            faults.add(
                    seal.name()
                            + " does not continue the seal before it: one of the two was replaced");
        }
        run.put(chain, new Link(number, hash));
    }

    /// The journal's head; null before its first seal.
    @Nullable Link journal() {
        TreeMap<String, Link> journal = heads.get(0L);
        return journal == null ? null : journal.get(JOURNAL);
    }

    /// The heads of a run's chains. The run is over: nothing may follow.
    Map<String, Link> close(long run) {
        closed.add(run);
        TreeMap<String, Link> ofRun = heads.remove(run);
        return ofRun == null ? Map.of() : ofRun;
    }
}
