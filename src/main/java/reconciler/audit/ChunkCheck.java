package reconciler.audit;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// Holds the rows under a seal against it.
final class ChunkCheck {
    private final CanonicalHash hash;
    private final Faults faults;
    private final Removals removals;
    private long erased;
    private long dropped;

    ChunkCheck(CanonicalHash hash, Faults faults, Removals removals) {
        this.hash = hash;
        this.faults = faults;
        this.removals = removals;
    }

    /// How many outcomes have lost their values, rightly.
    long erased() {
        return erased;
    }

    /// How many outcomes and attempts went with months that were let go of.
    long dropped() {
        return dropped;
    }

    void rows(SealedRow seal, List<SealedRow> attempts, List<SealedRow> outcomes) {
        long before = faults.count();
        List<byte[]> leaves = new ArrayList<>(attempts.size() + outcomes.size());
        attempts.forEach(row -> leaves.add(leaf(row)));
        outcomes.forEach(row -> leaves.add(leaf(row)));
        boolean attemptsWhole = count(seal, "attempts", attempts);
        boolean whole = count(seal, "outcomes", outcomes) && attemptsWhole;
        if (faults.count() == before && whole && !matches(seal, leaves)) {
            faults.add(
                    seal.name()
                            + " does not match its rows "
                            + range(attempts, outcomes)
                            + ": one of them was changed together with its leaf, or the seal was replaced");
        }
        if (whole) {
            evidence(attempts, leaves, outcomes);
        }
    }

    private byte[] leaf(SealedRow row) {
        byte[] computed = hash.binaryLeaf(row.record());
        if (!Arrays.equals(computed, row.leaf())) {
            faults.add(row.name() + " was altered: it is not what seal " + row.sealId() + " saw");
        }
        return computed;
    }

    private boolean matches(SealedRow seal, List<byte[]> leaves) {
        return !leaves.isEmpty()
                && HexFormat.of().formatHex(hash.root(leaves)).equals(seal.text("root"));
    }

    /// @return whether as many rows are there as were sealed
    private boolean count(SealedRow seal, String kind, List<SealedRow> found) {
        long sealed = seal.number(kind);
        if (found.size() < sealed) {
            if (removals.covers(kind, seal)) {
                dropped += sealed - found.size();
            } else {
                faults.add(
                        seal.name()
                                + " covers "
                                + sealed
                                + " "
                                + kind
                                + ", "
                                + found.size()
                                + " are there: "
                                + (sealed - found.size())
                                + " were deleted"
                                + removals.missing(kind));
            }
        } else if (found.size() > sealed) {
            faults.add(
                    seal.name()
                            + " covers "
                            + sealed
                            + " "
                            + kind
                            + ", "
                            + found.size()
                            + " are there: inserted among "
                            + String.join(", ", found.stream().map(SealedRow::name).toList()));
        }
        return found.size() == sealed;
    }

    /// Each outcome names the requests that were made for it.
    private void evidence(List<SealedRow> attempts, List<byte[]> leaves, List<SealedRow> outcomes) {
        Map<Long, List<byte[]>> made = new HashMap<>();
        for (int i = 0; i < attempts.size(); i++) {
            for (long change : FieldType.numbers(attempts.get(i).value("change_ids"))) {
                made.computeIfAbsent(change, _ -> new ArrayList<>(2)).add(leaves.get(i));
            }
        }
        for (SealedRow outcome : outcomes) {
            List<byte[]> own = made.get(outcome.number("change_id"));
            ByteBuffer evidence = ByteBuffer.wrap(own == null ? new byte[0] : hash.plain(own));
            if (!evidence.equals(outcome.value("evidence"))) {
                faults.add(outcome.name() + " does not rest on the attempts that are there");
            }
        }
    }

    /// Holds values against the commitments of their outcomes.
    void values(List<SealedRow> outcomes, List<StoredValue> values) {
        Map<Long, StoredValue> byOutcome = new HashMap<>();
        values.forEach(value -> byOutcome.put(value.outcomeId(), value));
        for (SealedRow outcome : outcomes) {
            StoredValue value = byOutcome.remove(outcome.id());
            if (value == null) {
                erased++;
                if (!removals.coversValueOf(outcome)) {
                    faults.add(
                            "the value of " + outcome.name() + " is gone and no erasure says so");
                }
            } else if (!value.isKeptBy(outcome, hash)) {
                faults.add("the value of " + outcome.name() + " was altered");
            }
        }
        byOutcome
                .keySet()
                .forEach(id -> faults.add("a value is left of outcome " + id + ", which is gone"));
    }

    private static String range(List<SealedRow> attempts, List<SealedRow> outcomes) {
        List<SealedRow> rows = outcomes.isEmpty() ? attempts : outcomes;
        return rows.isEmpty() ? "(none)" : rows.getFirst().name() + " to " + rows.getLast().name();
    }
}
