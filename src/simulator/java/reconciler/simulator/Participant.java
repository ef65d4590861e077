package reconciler.simulator;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/// One participant: its attributes as they are, and as a reader sees them.
final class Participant {

    private final Address address;
    private final String purpose;
    private final Deque<Hidden> hidden = new ArrayDeque<>(1);
    private Map<String, String> attributes;
    private String state = "connected";
    private String wrapUpCode = "";

    /// Readers see `before` until the given instant.
    private record Hidden(Instant until, Map<String, String> before) {}

    Participant(Address address, String purpose, Map<String, String> attributes) {
        this.address = address;
        this.purpose = purpose.intern();
        this.attributes = copyOf(attributes);
    }

    Address address() {
        return address;
    }

    String purpose() {
        return purpose;
    }

    /// What the web contract calls this participant; empty for purposes it has no word for.
    String role() {
        return switch (purpose) {
            case "agent" -> "agent";
            case "customer", "external", "user", "contact" -> "contact";
            default -> "";
        };
    }

    synchronized String state() {
        return state;
    }

    synchronized String wrapUpCode() {
        return wrapUpCode;
    }

    synchronized void move(String newState, String newWrapUpCode) {
        state = newState;
        wrapUpCode = newWrapUpCode;
    }

    /// Runs `entry` under the same lock, so that the ledger has writes in the order they took.
    synchronized void apply(
            Map<String, String> changes,
            Behaviour.Merge merge,
            Instant now,
            Instant visible,
            Runnable entry) {
        if (visible.isAfter(now)) {
            hidden.add(new Hidden(visible, attributes));
        }
        attributes = merged(changes, merge);
        entry.run();
    }

    synchronized Map<String, String> attributes() {
        return attributes;
    }

    synchronized Map<String, String> attributesSeenAt(Instant now) {
        while (!hidden.isEmpty() && !hidden.getFirst().until().isAfter(now)) {
            hidden.removeFirst();
        }
        return hidden.isEmpty() ? attributes : hidden.getFirst().before();
    }

    private Map<String, String> merged(Map<String, String> changes, Behaviour.Merge merge) {
        return switch (merge) {
            case REPLACE -> copyOf(changes);
            case BY_KEY -> {
                Map<String, String> both = new LinkedHashMap<>(attributes);
                both.putAll(changes);
                yield copyOf(both);
            }
        };
    }

    private static Map<String, String> copyOf(Map<String, String> given) {
        return given.size() <= 1
                ? Map.copyOf(given)
                : Collections.unmodifiableMap(new LinkedHashMap<>(given));
    }
}
