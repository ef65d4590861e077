package reconciler.run;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.batch.core.partition.Partitioner;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import reconciler.change.ParticipantRole;
import reconciler.partition.Partition;
import reconciler.partition.Partitions;

/// The partitions of a run, by the rows that are due when its step begins.
final class RolePartitioner implements Partitioner {
    /// A partition is meant to have this many chunks: enough of them that the last ones do not
    /// leave workers idle.
    private static final int CHUNKS = 8;

    /// At least so many partitions where there are rows enough: while one settles a page and claims
    /// the next, others send. A pause of 50 ms between pages is 3 % of the time at 100 a second.
    private static final int SENDERS = 3;

    private static final int MOST_PER_ROLE = 64;

    private final RunContext run;
    private final int limit;

    /// @param limit rows of each role; above 0 a role has one partition, the canary's
    RolePartitioner(RunContext run, int limit) {
        this.run = run;
        this.limit = limit;
    }

    @Override
    public Map<String, ExecutionContext> partition(int gridSize) {
        return partitions().stream()
                .collect(
                        Collectors.toMap(
                                this::name,
                                partition -> new PartitionContext(partition, limit).toBatch()));
    }

    /// Batch gives a partition the context of an earlier one of the same name: the canary's must
    /// not be called as those that follow it.
    private String name(Partition partition) {
        return isCanary() ? "canary-" + partition.name() : partition.name();
    }

    private boolean isCanary() {
        return limit != PartitionContext.UNLIMITED;
    }

    private List<Partition> partitions() {
        Map<ParticipantRole, Long> due = run.records().due().byRole(run.scope());
        JobFile.Partitioning wanted = run.job().partitions();
        if (isCanary()) {
            return new Partitions(Long.MAX_VALUE / 2, 1).of(due);
        }
        return wanted.perRole() == JobFile.Partitioning.AUTO
                ? new Partitions(target(due, wanted.chunk()), MOST_PER_ROLE).of(due)
                : new Partitions(1, wanted.perRole()).of(due);
    }

    private static long target(Map<ParticipantRole, Long> due, int chunk) {
        long rows = due.values().stream().mapToLong(Long::longValue).sum();
        return Math.clamp(Math.ceilDiv(rows, SENDERS), chunk, (long) chunk * CHUNKS);
    }
}
