package reconciler.run;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reconciler.audit.AuditView.Reason;
import reconciler.audit.Head;
import reconciler.change.ParticipantRole;
import reconciler.patch.PatchStatistics;

/// How a run ended.
///
/// @param explanation one sentence for the exit code
/// @param recovery what was found of a dead run and done about it; null when there was none
/// @param roles what became of the rows, by role
/// @param reasons why rows were not applied, the greatest group first
/// @param clockStep the last step of the database's clock meanwhile; null when it was not set
/// @param head where the journal of seals ends now
public record RunReport(
        long run,
        String job,
        ExitCode exitCode,
        String explanation,
        @Nullable String recovery,
        Duration took,
        Map<ParticipantRole, Tally.Counts> roles,
        Tally.Counts total,
        PatchStatistics statistics,
        List<Reason> reasons,
        @Nullable ClockStep clockStep,
        Head head) {}
