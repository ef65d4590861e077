package reconciler.run;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import reconciler.audit.RunStart.Trigger;

/// Who asks for which run.
///
/// @param scheduledFor the instant of the schedule that it serves; null by hand
/// @param startedBy the person or the scheduler
/// @param plan apply exactly this plan; null: whatever is due
public record RunRequest(
        JobFile job,
        Trigger trigger,
        @Nullable Instant scheduledFor,
        String startedBy,
        @Nullable PlanToApply plan) {

    /// @param sha256 over the plan's content, for the audit
    public record PlanToApply(long id, String sha256) {}

    /// Whatever is due.
    public RunRequest(
            JobFile job, Trigger trigger, @Nullable Instant scheduledFor, String startedBy) {
        this(job, trigger, scheduledFor, startedBy, null);
    }
}
