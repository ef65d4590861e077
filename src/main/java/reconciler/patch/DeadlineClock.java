package reconciler.patch;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/// The clock that deadlines go by: the database's, as far as this process knows it. The clock of
/// this machine has no say.
public interface DeadlineClock extends InstantSource {
    /// The database's time is not later than this: a deadline up to here may have passed already.
    Instant latest();

    /// A clock for lengths of time, which is never set: as `System::nanoTime`.
    long nanoTime();

    /// This machine's own, for who has no database and no deadlines.
    static DeadlineClock of(InstantSource clock, LongSupplier nanoTime) {
        return new DeadlineClock() {
            @Override
            public Instant instant() {
                return clock.instant();
            }

            @Override
            public Instant latest() {
                return clock.instant();
            }

            @Override
            public long nanoTime() {
                return nanoTime.getAsLong();
            }
        };
    }
}
