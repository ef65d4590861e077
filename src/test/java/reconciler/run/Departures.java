package reconciler.run;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// When requests left this machine, by its own records; a busy machine on the other side sees them
/// arrive less evenly.
record Departures(List<Instant> times) {
    Departures {
        times = times.stream().sorted().toList();
    }

    static Departures of(Scenario scenario) {
        return new Departures(
                scenario.jdbc
                        .sql("SELECT started_at FROM audit.v_attempt WHERE purpose <> 'TOKEN'")
                        .query(Instant.class)
                        .list());
    }

    int mostInASecond() {
        int most = 0;
        int first = 0;
        for (int last = 0; last < times.size(); last++) {
            while (!times.get(last).isBefore(times.get(first).plus(Duration.ofSeconds(1)))) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        return most;
    }
}
