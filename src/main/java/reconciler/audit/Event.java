package reconciler.audit;

import org.jspecify.annotations.Nullable;

/// Something that was done apart from a run.
///
/// @param actor the person, as the operating system or the sign-in names them
/// @param action a past participle: `queued`, `cancelled`, `recovered`, ...
/// @param object what it was done to, for example `change set 12`
public record Event(
        String actor,
        String action,
        String object,
        @Nullable String reason,
        @Nullable String detail) {}
