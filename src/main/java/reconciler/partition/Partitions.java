package reconciler.partition;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import reconciler.change.ParticipantRole;

/// Cuts the work into partitions: per role as many equal bucket ranges as its rows deserve, so that
/// a role with 90 % of the rows gets about 90 % of the partitions. Deterministic.
///
/// @param target rows that one partition is meant to have
/// @param most the most partitions of one role
public record Partitions(long target, int most) {
    public Partitions {
        if (target < 1 || most < 1 || most > Partition.BUCKETS) {
            throw new IllegalArgumentException(
                    "a target of " + target + " rows and " + most + " partitions");
        }
    }

    /// @param rows how many rows each role has; a role without rows gets no partition
    public List<Partition> of(Map<ParticipantRole, Long> rows) {
        return rows.entrySet().stream()
                .filter(role -> role.getValue() > 0)
                .sorted((one, other) -> one.getKey().name().compareTo(other.getKey().name()))
                .flatMap(role -> ranges(role.getKey(), count(role.getValue())).stream())
                .toList();
    }

    private int count(long rows) {
        return Math.clamp((rows + target - 1) / target, 1, most);
    }

    private static List<Partition> ranges(ParticipantRole role, int count) {
        return IntStream.range(0, count)
                .mapToObj(i ->
                        new Partition(
                                role,
                                i,
                                i * Partition.BUCKETS / count,
                                (i + 1) * Partition.BUCKETS / count))
                .toList();
    }
}
