package reconciler.queue;

import java.time.Instant;
import java.util.Set;
import reconciler.change.ParticipantRole;

/// Which rows a run may touch.
///
/// @param roles only these; empty means every role
/// @param approvedOnly only rows of change sets that somebody approved
/// @param horizon the greatest id that was there when the run began; later rows wait for the next
///   run
/// @param asOf when the run began, by the database's clock: what becomes due later waits for the
///   next run
public record Scope(Set<ParticipantRole> roles, boolean approvedOnly, long horizon, Instant asOf) {
    public Scope {
        roles = Set.copyOf(roles);
    }

    /// @return the names for SQL; empty means every role
    String[] roleNames() {
        return roles.stream().map(ParticipantRole::name).toArray(String[]::new);
    }
}
