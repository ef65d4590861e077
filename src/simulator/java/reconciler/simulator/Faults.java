package reconciler.simulator;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// The faults in force. They can be changed while requests are being served. A request without good
/// credentials or beyond the rate limit is refused before any fault is asked.
public final class Faults {

    private final List<ArmedFault> armed = new CopyOnWriteArrayList<>();
    private final Dice dice;

    Faults(Dice dice) {
        this.dice = dice;
    }

    /// Arms a rule in the text form of [FaultRule].
    public void add(String rule) {
        add(FaultRule.parse(rule));
    }

    /// The position of a rule decides its draws, so the same rules in the same order repeat.
    public synchronized void add(FaultRule rule) {
        armed.add(new ArmedFault(rule, armed.size()));
    }

    public synchronized void clear() {
        armed.clear();
    }

    public List<FaultRule> rules() {
        return armed.stream().map(ArmedFault::rule).toList();
    }

    /// How often the rule at the given position has struck.
    public int strikes(int position) {
        return armed.get(position).strikes();
    }

    @Nullable FaultRule strike(Call call) {
        for (ArmedFault fault : armed) {
            if (fault.strikes(call, dice)) {
                return fault.rule();
            }
        }
        return null;
    }
}
