package reconciler.audit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// One pass over the seals in their order, with all that is sealed beside them.
final class Walk implements AutoCloseable {
    private final CanonicalHash hash = new CanonicalHash();
    private final Faults faults = new Faults();
    private final Anchors anchors;
    private final Chains chains;
    private final Decisions decisions;
    private final ChunkCheck chunks;
    private final SealedRows<SealedRow> seals;
    private final SealedRows<SealedRow> attempts;
    private final SealedRows<SealedRow> outcomes;
    private final SealedRows<StoredValue> values;
    private final boolean valuesReadable;
    private final SealedRows<SealedRow> runs;
    private final SealedRows<SealedRow> ends;
    private final SealedRows<SealedRow> events;
    private long sealCount;
    private long outcomeCount;
    private long attemptCount;
    private Head head;

    /// @param before the journal's head, should the walk see none of its seals
    Walk(JdbcClient jdbc, long from, Head before, Anchors anchors) {
        this.head = before;
        this.anchors = anchors;
        this.decisions = new Decisions(jdbc);
        this.chains = new Chains(faults, from == 0);
        this.chunks = new ChunkCheck(hash, faults, Removals.read(jdbc));
        this.seals = SealedRows.of(SealedTable.SEAL, jdbc, from, Long.MAX_VALUE);
        this.attempts = SealedRows.ofMany(SealedTable.ATTEMPT, jdbc, from, Long.MAX_VALUE);
        this.outcomes = SealedRows.ofMany(SealedTable.OUTCOME, jdbc, from, Long.MAX_VALUE);
        this.valuesReadable = StoredValue.readable(jdbc);
        this.values =
                valuesReadable
                        ? StoredValue.read(jdbc, from, Long.MAX_VALUE)
                        : new SealedRows<>(Stream.empty(), StoredValue::sealId);
        this.runs = SealedRows.of(SealedTable.RUN, jdbc, from, Long.MAX_VALUE);
        this.ends = SealedRows.of(SealedTable.RUN_END, jdbc, from, Long.MAX_VALUE);
        this.events = SealedRows.of(SealedTable.EVENT, jdbc, from, Long.MAX_VALUE);
    }

    Verification.Report walk() {
        for (SealedRow seal = seals.take(); seal != null; seal = seals.take()) {
            sealCount++;
            own(seal);
            switch (String.valueOf(seal.text("kind"))) {
                case "run-opened" -> record(seal, runs, List.of());
                case "run-closed" -> record(seal, ends, heads(chains.close(seal.number("run_id"))));
                case "event" -> record(seal, events, List.of());
                default -> chunk(seal);
            }
        }
        List.of(attempts, outcomes, runs, ends, events).forEach(rows -> rows.drain(this::stray));
        values.drain(this::stray);
        anchors.end(head.number(), faults);
        decisions.check(faults);
        return new Verification.Report(
                sealCount,
                outcomeCount,
                attemptCount,
                valuesReadable,
                chunks.erased(),
                chunks.dropped(),
                anchors.compared(),
                anchors.older(),
                head,
                faults.count(),
                faults.first());
    }

    /// The seal itself, and its place in its chain.
    private void own(SealedRow seal) {
        byte[] computed = hash.seal(seal.texts());
        if (!Arrays.equals(computed, seal.leaf())) {
            faults.add(seal.name() + " was altered");
        }
        String stored = seal.leaf() == null ? "" : HexFormat.of().formatHex(seal.leaf());
        chains.follow(seal, stored);
        if (Chains.JOURNAL.equals(seal.text("chain"))) {
            long number = seal.number("number");
            head = new Head(number, stored, seal.instant("sealed_at"));
            anchors.pass(number, stored, faults);
        }
    }

    private void chunk(SealedRow seal) {
        List<SealedRow> sent = attempts.under(seal.sealId(), this::stray);
        List<SealedRow> settled = outcomes.under(seal.sealId(), this::stray);
        attemptCount += sent.size();
        outcomeCount += settled.size();
        chunks.rows(seal, sent, settled);
        if (valuesReadable) {
            chunks.values(settled, values.under(seal.sealId(), this::stray));
        }
    }

    /// A record that seals itself.
    private void record(SealedRow seal, SealedRows<SealedRow> rows, List<byte[]> heads) {
        List<SealedRow> found = rows.under(seal.sealId(), this::stray);
        if (found.isEmpty()) {
            faults.add(seal.name() + " covers " + subject(seal) + ", which is not there");
            return;
        }
        SealedRow record = found.getFirst();
        List<byte[]> leaves = new ArrayList<>();
        leaves.add(hash.leaf(record.table().label(), record.texts()));
        leaves.addAll(heads);
        if (!HexFormat.of().formatHex(hash.root(leaves)).equals(seal.text("root"))) {
            faults.add(
                    record.name()
                            + " was altered: it is not what seal "
                            + seal.sealId()
                            + " saw"
                            + (record.table() == SealedTable.RUN_END
                                    ? ", or seals of the run were removed or replaced (chains that are there: "
                                            + heads.size()
                                            + ")"
                                    : ""));
        }
    }

    private static String subject(SealedRow seal) {
        @Nullable String event = seal.text("event_id");
        return event == null
                ? seal.text("kind") + " of run " + seal.text("run_id")
                : "event " + event;
    }

    private List<byte[]> heads(Map<String, Chains.Link> closed) {
        List<byte[]> leaves = new ArrayList<>();
        closed.forEach((chain, link) -> {
            byte[][] fields = {
                CanonicalHash.utf8(chain),
                CanonicalHash.utf8(String.valueOf(link.number())),
                CanonicalHash.utf8(link.hash())
            };
            leaves.add(hash.leaf("head", fields));
        });
        return leaves;
    }

    private void stray(SealedRow row) {
        faults.add(row.name() + " was inserted: no seal covers it");
    }

    private void stray(StoredValue value) {
        faults.add(
                "the value of outcome " + value.outcomeId() + " was inserted: no seal covers it");
    }

    @Override
    public void close() {
        for (AutoCloseable rows : List.of(seals, attempts, outcomes, values, runs, ends, events)) {
            try {
                rows.close();
            } catch (Exception impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }
}
