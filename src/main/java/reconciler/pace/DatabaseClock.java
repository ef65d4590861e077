package reconciler.pace;

import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.patch.DeadlineClock;

/// The database's clock, kept going by our own monotonic one, so that all hosts go by one clock and
/// nobody asks for the time with every request. Bucket4j refills by it, in milliseconds, and an
/// apply-by passes by it.
///
/// An answer that took long says little about when it was given: it counts only when no better one
/// is at hand, or when the clock was set. What was heard more than a second ago is asked for anew
/// by one of those who want the time; without an answer it is kept, and counts for a little less
/// every second.
public final class DatabaseClock implements TimeMeter, DeadlineClock {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseClock.class);

    private static final String NOW =
            "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint";

    /// Two clocks part by no more than a millisecond in a second.
    private static final long DRIFT = 1_000;

    private static final long STALE = Duration.ofSeconds(1).toNanos();

    private static final int PATIENCE_SECONDS = 5;

    private final LongSupplier nanoTime;
    private final JdbcClient jdbc;
    private final ReentrantLock asking = new ReentrantLock();
    private volatile Reading reading;
    private volatile long asked;
    private volatile long triedAt;
    private volatile boolean deaf;

    /// What the database said.
    ///
    /// @param offset what our own clock lacks
    /// @param error the most that this is wrong
    /// @param heardAt when, by our own clock
    private record Reading(long offset, long error, long heardAt) {
        /// It grows with time.
        long errorAt(long now) {
            return error + Math.max(0, now - heardAt) / DRIFT;
        }
    }

    /// Asks for the time.
    ///
    /// @param dataSource not bound to a transaction of the calling threads
    /// @param nanoTime a clock that never goes back, as `System::nanoTime`
    public DatabaseClock(DataSource dataSource, LongSupplier nanoTime) {
        var template = new JdbcTemplate(dataSource);
        template.setQueryTimeout(PATIENCE_SECONDS);
        jdbc = JdbcClient.create(template);
        this.nanoTime = nanoTime;
        reading = new Reading(0, Long.MAX_VALUE / 4, nanoTime.getAsLong());
        ask();
    }

    /// The database said `now`, in nanoseconds of 1970, somewhere between these two moments of our
    /// clock.
    synchronized void set(long now, long before, long after) {
        long half = (after - before) / 2;
        long heard = now - (before + half);
        long agedError = reading.errorAt(after);
        if (half <= agedError || Math.abs(heard - reading.offset()) > half + agedError) {
            reading = new Reading(heard, half, after);
        }
    }

    /// When the time was asked for last by [#currentTimeNanos], by our own clock.
    long asked() {
        return asked;
    }

    @Override
    public long currentTimeNanos() {
        asked = nanoTime.getAsLong();
        return asked + reading.offset();
    }

    @Override
    public boolean isWallClockBased() {
        return true;
    }

    @Override
    public Instant instant() {
        return at(nanoTime.getAsLong() + reading.offset());
    }

    @Override
    public Instant latest() {
        refresh();
        Reading last = reading;
        long now = nanoTime.getAsLong();
        return at(now + last.offset() + last.errorAt(now));
    }

    @Override
    public long nanoTime() {
        return nanoTime.getAsLong();
    }

    private static Instant at(long nanos) {
        return Instant.EPOCH.plusNanos(nanos);
    }

    /// Who comes while another asks goes on with what is known.
    private void refresh() {
        if (nanoTime.getAsLong() - triedAt > STALE && asking.tryLock()) {
            try {
                ask();
                deaf = false;
            } catch (DataAccessException away) {
                if (!deaf) {
                    LOG.warn(
                            "the database does not tell the time, the last is kept: {}",
                            NestedExceptionUtils.getMostSpecificCause(away).getMessage());
                }
                deaf = true;
            } finally {
                asking.unlock();
            }
        }
    }

    private void ask() {
        triedAt = nanoTime.getAsLong();
        long before = triedAt;
        long micros = jdbc.sql(NOW).query(Long.class).single();
        set(TimeUnit.MICROSECONDS.toNanos(micros), before, nanoTime.getAsLong());
    }
}
