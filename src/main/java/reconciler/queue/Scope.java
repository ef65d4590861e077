package reconciler.queue;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reconciler.change.ParticipantRole;

/// Which rows a run may touch.
///
/// @param roles only these; empty means every role
/// @param approvedOnly only rows that somebody approved, but for those of `freeSets`
/// @param horizon the greatest id that was there when the run began; later rows wait for the next
///   run
/// @param asOf when the run began, by the database's clock: what becomes due later waits for the
///   next run
/// @param plan only rows of this plan; null: no plan restricts it
public record Scope(
        Set<ParticipantRole> roles,
        boolean approvedOnly,
        FreeSets freeSets,
        long horizon,
        Instant asOf,
        @Nullable Long plan) {
    public Scope {
        roles = Set.copyOf(roles);
    }

    /// The same, as far as this plan goes.
    public Scope within(long onlyPlan) {
        return new Scope(roles, approvedOnly, freeSets, horizon, asOf, onlyPlan);
    }

    /// @return the names for SQL; empty means every role
    String[] roleNames() {
        return roles.stream().map(ParticipantRole::name).toArray(String[]::new);
    }
}
