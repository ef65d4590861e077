package reconciler.run;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import reconciler.audit.RunStart.Trigger;

/// Who asks for which run.
///
/// @param scheduledFor the instant of the schedule that it serves; null by hand
/// @param startedBy the person or the scheduler
public record RunRequest(
        JobFile job, Trigger trigger, @Nullable Instant scheduledFor, String startedBy) {}
