package reconciler.simulator;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// A rule in force, with its count of strikes.
final class ArmedFault {

    private final FaultRule rule;
    private final long number;
    private final AtomicInteger strikes = new AtomicInteger();
    private final Map<Address, AtomicInteger> strikesBySubject = new ConcurrentHashMap<>();

    ArmedFault(FaultRule rule, long number) {
        this.rule = rule;
        this.number = number;
    }

    FaultRule rule() {
        return rule;
    }

    int strikes() {
        return strikes.get();
    }

    boolean strikes(Call call, Dice dice) {
        Address subject = call.target().subject();
        return rule.match().matches(call)
                && dice.roll(number, subject, call.visit().occasion()) < rule.probability()
                && spend(subject);
    }

    private boolean spend(Address subject) {
        if (rule.each() > 0) {
            AtomicInteger his = strikesBySubject.computeIfAbsent(subject, _ -> new AtomicInteger());
            if (!below(rule.each(), his)) {
                return false;
            }
        }
        if (rule.times() > 0) {
            return below(rule.times(), strikes);
        }
        strikes.incrementAndGet();
        return true;
    }

    private static boolean below(int limit, AtomicInteger count) {
        return count.getAndUpdate(spent -> Math.min(limit, spent + 1)) < limit;
    }
}
