package reconciler.run;

import java.time.Instant;

/// Another process has run this firing of the schedule to its end; nothing was begun.
public final class AlreadyServed extends RuntimeException {
    AlreadyServed(String job, Instant firing) {
        super("a run of job " + job + " served the firing of " + firing + " already");
    }
}
