package reconciler.run;

import reconciler.audit.RunStart;
import reconciler.patch.ApiSettings;

/// Who looks at the API outside of a run, and what for.
///
/// @param by the person
public record Looker(Reconciliation.Identity identity, String by) {
    /// For the record.
    RunStart start(JobFile job, ApiSettings api, RunStart.Trigger what) {
        return identity.start(job, api, 0, what, null, by, 0, 0);
    }
}
