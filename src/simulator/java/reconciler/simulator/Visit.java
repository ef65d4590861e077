package reconciler.simulator;

import java.util.UUID;

/// A request from its arrival on.
///
/// @param occasion the how manieth about its subject, from 1
record Visit(
        long sequence,
        int occasion,
        long micros,
        String method,
        Target target,
        UUID correlationId,
        Traffic traffic) {}
