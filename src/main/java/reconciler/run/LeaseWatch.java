package reconciler.run;

import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Tells from looks at a lease whether its holder is gone, by our own monotonic clock alone: a step
/// of the database's clock neither ends a lease nor prolongs it.
///
/// The holder renews its lease every second and sends nothing once a renewal is older than the
/// lease lasts. A holder of which nothing was seen for that long is gone.
final class LeaseWatch {
    /// Two monotonic clocks, and the looks at them, differ by less.
    private static final Duration MARGIN = Duration.ofMillis(100);

    private final LongSupplier nanoTime;
    private @Nullable Sign last;
    private long since;

    /// @param nanoTime a clock that never goes back, as `System::nanoTime`
    LeaseWatch(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /// A sign of life: it changes with every renewal and with every holder.
    record Sign(long epoch, UUID token, long renewals) {}

    /// How long nothing else may be seen yet until the holder is gone; zero or negative when it is.
    ///
    /// @param sign what a look shows now
    /// @param lasts how long the lease lasts after a renewal
    synchronized Duration left(Sign sign, Duration lasts) {
        long now = nanoTime.getAsLong();
        if (!Objects.equals(last, sign)) {
            last = sign;
            since = now;
        }
        return lasts.plus(MARGIN).minusNanos(now - since);
    }
}
