package reconciler.plan;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reconciler.run.JobFile;

/// What is to be planned.
///
/// @param set null: everything that the job would take
/// @param sample so many conversations, chosen at random; null: all
/// @param valid how long the plan may be approved and applied
/// @param by who asks
public record PlanRequest(
        JobFile job, @Nullable Long set, @Nullable Integer sample, Duration valid, String by) {}
