package reconciler.patch;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/// What was wrong with the last answers, for whoever asks why the API is left alone.
final class RecentAnswers {
    private static final String WELL = "";

    private final int most;
    private final Deque<String> reasons = new ArrayDeque<>();

    RecentAnswers(int most) {
        this.most = most;
    }

    synchronized void good() {
        add(WELL);
    }

    synchronized void bad(String reason) {
        add(reason);
    }

    private void add(String reason) {
        reasons.addLast(reason);
        if (reasons.size() > most) {
            reasons.removeFirst();
        }
    }

    /// `12 of the last 20 requests failed, 9 of them with 503`
    synchronized String inWords() {
        Map<String, Integer> groups = new LinkedHashMap<>();
        reasons.stream()
                .filter(reason -> !reason.equals(WELL))
                .forEach(reason -> groups.merge(reason, 1, Integer::sum));
        int bad = groups.values().stream().mapToInt(Integer::intValue).sum();
        String worst =
                groups.isEmpty()
                        ? "nothing"
                        : Collections.max(
                                        groups.entrySet(),
                                        Comparator.comparing(Map.Entry::getValue))
                                .getKey();
        return "%d of the last %d requests failed, %d of them with %s"
                .formatted(bad, reasons.size(), groups.getOrDefault(worst, 0), worst);
    }
}
