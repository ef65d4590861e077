package reconciler.queue;

import reconciler.outcome.Intent;

/// An intent of a turn whose rows are IN_FLIGHT under a claim.
public record ClaimedIntent(long claim, Intent intent) {}
