package reconciler.simulator;

import java.time.Instant;
import java.util.UUID;

/// A request from its arrival on.
///
/// @param occasion the how manieth about its subject, from 1
record Visit(
        long sequence,
        int occasion,
        Instant at,
        String method,
        Target target,
        UUID correlationId,
        Traffic traffic) {}
