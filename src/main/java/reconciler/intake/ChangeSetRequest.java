package reconciler.intake;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Who asks for a change set, why, and how much of a file has to be good.
///
/// @param by stands for every line that names no `requested_by` of its own
/// @param notBefore for every line that has none of its own; null means at once
/// @param applyBy for every line that has none of its own; null means any time
/// @param priority of every row; the greater is sent first
/// @param partial queue the good lines of a file that has bad ones; otherwise all or nothing
/// @param again queue a file although the same bytes were queued before
/// @param atomic what a participant is asked for is applied all or not at all; not of a part of a
///   file
public record ChangeSetRequest(
        String by,
        @Nullable String reason,
        @Nullable String ticket,
        @Nullable Instant notBefore,
        @Nullable Instant applyBy,
        short priority,
        boolean partial,
        boolean again,
        boolean atomic) {
    public ChangeSetRequest {
        if (by.isBlank()) {
            throw new IllegalArgumentException("a change set is requested by somebody");
        }
        if (atomic && partial) {
            throw new IllegalArgumentException(
                    "the bad lines that are left out may be a part of what a participant is asked for");
        }
    }

    /// All or nothing, at once, without a reason.
    public static ChangeSetRequest by(String by) {
        return new ChangeSetRequest(by, null, null, null, null, (short) 0, false, false, false);
    }
}
