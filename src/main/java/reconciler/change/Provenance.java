package reconciler.change;

import org.jspecify.annotations.Nullable;

/// Who asked for a change, in which set, and who approved it.
///
/// @param changeSetId null for a row inserted by plain SQL
/// @param approvedBy null where the job file asks for no approval
public record Provenance(
        @Nullable Long changeSetId, String requestedBy, @Nullable String approvedBy) {}
