package reconciler.run;

import org.springframework.batch.infrastructure.item.ExecutionContext;
import reconciler.change.ParticipantRole;
import reconciler.partition.Partition;

/// A partition as Batch keeps it with the step execution.
///
/// @param limit the most rows to take; the canary's share, otherwise unlimited
record PartitionContext(Partition partition, int limit) {
    static final int UNLIMITED = Integer.MAX_VALUE;

    ExecutionContext toBatch() {
        var context = new ExecutionContext();
        context.putString("role", partition.role().name());
        context.putInt("number", partition.number());
        context.putInt("from-bucket", partition.fromBucket());
        context.putInt("to-bucket", partition.toBucket());
        context.putInt("limit", limit);
        return context;
    }

    static PartitionContext of(ExecutionContext context) {
        return new PartitionContext(
                new Partition(
                        new ParticipantRole(context.getString("role")),
                        context.getInt("number"),
                        context.getInt("from-bucket"),
                        context.getInt("to-bucket")),
                context.getInt("limit"));
    }
}
