package reconciler.simulator;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The truth that outcomes are checked against: every request that arrived, every write that took
/// effect. Rows are only ever added. Administration is not in it.
public final class Ledger {

    /// COUNTS keeps no rows, for runs of many millions; then only [#totals()] and
    /// [#mostInFlight(String, String)] know anything.
    public enum Detail {
        EVERYTHING,
        COUNTS
    }

    private final Detail detail;
    private final InstantSource time;
    private final Correlations correlations = new Correlations();
    private final AtomicLong arrivals = new AtomicLong();
    private final Map<Address, Traffic> traffic = new ConcurrentHashMap<>();
    private final AtomicInteger mostAtOnce = new AtomicInteger();
    private final Tally tally = new Tally();
    private final List<LedgerRow> rows = new ArrayList<>();
    private final List<WriteRow> writes = new ArrayList<>();

    Ledger(Detail detail, InstantSource time) {
        this.detail = detail;
        this.time = time;
    }

    Visit arrived(String method, Target target) {
        Traffic subject = traffic.computeIfAbsent(target.subject(), _ -> new Traffic(target));
        long sequence = arrivals.incrementAndGet();
        int occasion = subject.enter();
        if (!target.subject().participantId().isEmpty()) {
            mostAtOnce.accumulateAndGet(subject.most(), Math::max);
        }
        return new Visit(
                sequence,
                occasion,
                Micros.of(time.instant()),
                method.intern(),
                subject.oneOf(target),
                correlations.of(sequence),
                subject);
    }

    /// Called before the answer goes out, so that a caller that waits for its answers never
    /// overlaps itself.
    void over(Visit visit, int status, boolean applied) {
        visit.traffic().leave();
        tally.add(status, applied);
        if (detail == Detail.EVERYTHING) {
            LedgerRow row =
                    new LedgerRow(
                            visit.sequence(),
                            visit.micros(),
                            visit.method(),
                            visit.target(),
                            status,
                            applied);
            synchronized (rows) {
                rows.add(row);
            }
        }
    }

    void applied(Visit visit, Address address, Map<String, String> attributes, String token) {
        if (detail == Detail.EVERYTHING) {
            long now = Micros.of(time.instant());
            WriteRow row = new WriteRow(visit.sequence(), now, address, attributes, token);
            synchronized (writes) {
                writes.add(row);
            }
        }
    }

    /// All requests that are over, in the order they ended.
    public List<SeenRequest> requests() {
        return seen().toList();
    }

    public List<SeenRequest> requestsFor(String conversationId, String participantId) {
        Address address = new Address(conversationId, participantId);
        return snapshot().stream()
                .filter(row -> row.isFor(address))
                .map(row -> row.seen(correlations))
                .toList();
    }

    /// All writes, in the order they took effect.
    public List<AppliedWrite> writes() {
        return applied().toList();
    }

    public List<AppliedWrite> writesTo(String conversationId, String participantId) {
        return applied().filter(write -> write.isTo(conversationId, participantId)).toList();
    }

    /// What the writes add up to, key by key; without what was there before them.
    public Map<String, String> lastValues(String conversationId, String participantId) {
        Map<String, String> values = new LinkedHashMap<>();
        writesTo(conversationId, participantId).forEach(write -> values.putAll(write.attributes()));
        return values;
    }

    /// The most requests for one participant that were being served at once. A request that is left
    /// hanging counts until the hanging starts.
    public int mostInFlight(String conversationId, String participantId) {
        Traffic subject = traffic.get(new Address(conversationId, participantId));
        return subject == null ? 0 : subject.most();
    }

    /// The most requests, those for tokens left out, that arrived within any window that long.
    public int mostRequestsIn(Duration window) {
        return mostRequestsIn(window, request -> !request.path().equals("/oauth/token"));
    }

    public int mostRequestsIn(Duration window, Predicate<SeenRequest> which) {
        Stream<SeenRequest> chosen = seen().filter(which);
        return Windows.mostWithin(window, chosen.map(SeenRequest::at).sorted().toList());
    }

    public Totals totals() {
        return tally.totals(mostAtOnce.get());
    }

    Stream<SeenRequest> seen() {
        return snapshot().stream().map(row -> row.seen(correlations));
    }

    Stream<AppliedWrite> applied() {
        List<WriteRow> now;
        synchronized (writes) {
            now = List.copyOf(writes);
        }
        return IntStream.range(0, now.size())
                .mapToObj(place -> now.get(place).applied(place + 1L, correlations));
    }

    private List<LedgerRow> snapshot() {
        synchronized (rows) {
            return List.copyOf(rows);
        }
    }
}
