package reconciler.pace;

import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.distributed.BucketProxy;
import io.github.bucket4j.distributed.jdbc.PrimaryKeyMapper;
import io.github.bucket4j.postgresql.Bucket4jPostgreSQL;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The row that all users of an allowance share.
///
/// What the bucket holds is time, one token a nanosecond: a request costs the time until the next
/// one may go. So processes that have learned different rates can share one bucket, and a change of
/// the rate changes nothing that is stored. Every statement is a transaction of its own, and no
/// connection is held between them.
public final class RateBucket implements Allotment {
    private static final Logger LOG = LoggerFactory.getLogger(RateBucket.class);

    private static final String TABLE = "reconciler.rate";

    private static final String LOOK =
            """
            SELECT (extract(epoch FROM t.now) * 1000000)::bigint - t.ahead_micros AS now_micros, t.ahead_micros,
                   coalesce(ceil(extract(epoch FROM t.limited_until - t.now) * 1000000)::bigint, 0) AS pause_micros,
                   coalesce((extract(epoch FROM t.seen_at - t.now) * 1000000)::bigint, 0) AS behind_micros
              FROM (SELECT clock_timestamp() + coalesce(r.ahead_micros, 0) * interval '1 microsecond' AS now,
                           coalesce(r.ahead_micros, 0) AS ahead_micros, r.limited_until, r.seen_at
                      FROM (SELECT :name::text AS name) AS n LEFT JOIN reconciler.rate r USING (name)) AS t
            """;

    /// The bucket's time never goes back: what the clock was set back by is made up for.
    private static final String MEND =
            """
            UPDATE reconciler.rate
               SET ahead_micros = (extract(epoch FROM seen_at - clock_timestamp()) * 1000000)::bigint
             WHERE name = :name
               AND seen_at > clock_timestamp() + (ahead_micros + :tolerated) * interval '1 microsecond'
            """;

    /// How far the bucket's time has come.
    private static final String MARK =
            """
            UPDATE reconciler.rate
               SET seen_at = greatest(seen_at, clock_timestamp() + ahead_micros * interval '1 microsecond')
             WHERE name = :name
            """;

    private static final String LIMIT =
            """
            INSERT INTO reconciler.rate AS r (name, limited_until)
            VALUES (:name, clock_timestamp() + :micros * interval '1 microsecond')
            ON CONFLICT (name) DO UPDATE
               SET limited_until = greatest(r.limited_until,
                                            excluded.limited_until + r.ahead_micros * interval '1 microsecond')
            """;

    /// Lateness up to this much is made up for; more is lost. It is also all that can come too
    /// early.
    static final Duration SLACK = Duration.ofMillis(10);

    /// A clock that was set back by less leaves the bucket without a refill for no longer.
    private static final Duration TOLERATED = Duration.ofMillis(50);

    private static final long BETWEEN_MARKS = Duration.ofSeconds(1).toNanos();

    /// Nobody holds the row for longer than a few round trips, unless it froze.
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final RateKey key;
    private final JdbcClient jdbc;
    private final DatabaseClock clock;
    private final BucketClock time;
    private final BucketProxy bucket;
    private final AtomicLong marked;

    /// @param dataSource not bound to a transaction of the calling threads
    /// @param nanoTime a clock that never goes back, as `System::nanoTime`
    public RateBucket(DataSource dataSource, RateKey key, LongSupplier nanoTime) {
        this(dataSource, key, new DatabaseClock(dataSource, nanoTime));
    }

    /// @param dataSource not bound to a transaction of the calling threads
    /// @param clock of that database
    public RateBucket(DataSource dataSource, RateKey key, DatabaseClock clock) {
        this.key = key;
        var template = new JdbcTemplate(dataSource);
        template.setQueryTimeout(Math.toIntExact(PATIENCE.toSeconds()));
        this.jdbc = JdbcClient.create(template);
        this.clock = clock;
        this.time = new BucketClock(clock);
        this.marked = new AtomicLong(clock.nanoTime() - BETWEEN_MARKS);
        var capacity =
                BucketConfiguration.builder()
                        .addLimit(limit ->
                                limit.capacity(SLACK.toNanos())
                                        .refillGreedy(1, Duration.ofNanos(1)))
                        .build();
        this.bucket =
                Bucket4jPostgreSQL.selectForUpdateBasedBuilder(dataSource)
                        .primaryKeyMapper(PrimaryKeyMapper.STRING)
                        .table(TABLE)
                        .idColumn("name")
                        .stateColumn("state")
                        .clientClock(time)
                        .requestTimeout(PATIENCE)
                        .build()
                        .getProxy(key.name(), () -> capacity);
    }

    /// @param ahead what the bucket's time is ahead of the database's clock
    /// @param behind what it lacks of how far it had come; not positive when nothing
    private record Look(Duration ahead, Duration pause, Duration behind) {}

    /// Reads the clock too, by which [#reserve] goes.
    @Override
    public Duration pause() {
        Look look = look();
        if (look.behind().compareTo(TOLERATED) > 0) {
            LOG.warn(
                    "the database's clock was set back by about {} ms: the shared pace goes on as if it had not been",
                    look.behind().toMillis());
            jdbc.sql(MEND)
                    .param("name", key.name())
                    .param("tolerated", TimeUnit.NANOSECONDS.toMicros(TOLERATED.toNanos()))
                    .update();
            look = look();
        }
        time.runsAhead(look.ahead());
        markNowAndThen(clock.nanoTime());
        return look.pause();
    }

    private Look look() {
        long before = clock.nanoTime();
        return jdbc.sql(LOOK)
                .param("name", key.name())
                .query((row, _) -> {
                    clock.set(
                            TimeUnit.MICROSECONDS.toNanos(row.getLong("now_micros")),
                            before,
                            clock.nanoTime());
                    return new Look(
                            micros(row, "ahead_micros"),
                            micros(row, "pause_micros"),
                            micros(row, "behind_micros"));
                })
                .single();
    }

    private static Duration micros(ResultSet row, String column) throws SQLException {
        return Duration.of(row.getLong(column), ChronoUnit.MICROS);
    }

    private void markNowAndThen(long now) {
        long last = marked.get();
        if (now - last >= BETWEEN_MARKS && marked.compareAndSet(last, now)) {
            jdbc.sql(MARK).param("name", key.name()).update();
        }
    }

    @Override
    public long reserve(long nanos) {
        long untilPaid = bucket.consumeIgnoringRateLimits(nanos);
        return clock.asked() + untilPaid - nanos;
    }

    @Override
    public void limit(Duration pause) {
        jdbc.sql(LIMIT)
                .param("name", key.name())
                .param("micros", TimeUnit.NANOSECONDS.toMicros(pause.toNanos()))
                .update();
    }
}
