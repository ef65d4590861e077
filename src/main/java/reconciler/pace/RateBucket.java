package reconciler.pace;

import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.distributed.BucketProxy;
import io.github.bucket4j.distributed.jdbc.PrimaryKeyMapper;
import io.github.bucket4j.postgresql.Bucket4jPostgreSQL;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The row that all users of an allowance share.
///
/// What the bucket holds is time, one token a nanosecond: a request costs the time until the next
/// one may go. So processes that have learned different rates can share one bucket, and a change of
/// the rate changes nothing that is stored. Every statement is a transaction of its own, and no
/// connection is held between them.
public final class RateBucket implements Allotment {
    private static final String TABLE = "reconciler.rate";

    private static final String LOOK =
            """
            SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS now_micros,
                   coalesce((SELECT ceil(extract(epoch FROM limited_until - clock_timestamp()) * 1000000)::bigint
                               FROM reconciler.rate WHERE name = :name), 0) AS pause_micros
            """;

    private static final String LIMIT =
            """
            INSERT INTO reconciler.rate AS r (name, limited_until)
            VALUES (:name, clock_timestamp() + :micros * interval '1 microsecond')
            ON CONFLICT (name) DO UPDATE SET limited_until = greatest(r.limited_until, excluded.limited_until)
            """;

    /// Lateness up to this much is made up for; more is lost. It is also all that can come too
    /// early.
    static final Duration SLACK = Duration.ofMillis(10);

    /// Nobody holds the row for longer than a few round trips, unless it froze.
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final RateKey key;
    private final JdbcClient jdbc;
    private final DatabaseClock clock;
    private final BucketProxy bucket;

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
        var time =
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
                        .clientClock(clock)
                        .requestTimeout(PATIENCE)
                        .build()
                        .getProxy(key.name(), () -> time);
    }

    /// Reads the clock too, by which [#reserve] goes.
    @Override
    public Duration pause() {
        long before = clock.nanoTime();
        return jdbc.sql(LOOK)
                .param("name", key.name())
                .query((row, _) -> {
                    clock.set(
                            TimeUnit.MICROSECONDS.toNanos(row.getLong("now_micros")),
                            before,
                            clock.nanoTime());
                    return Duration.of(row.getLong("pause_micros"), ChronoUnit.MICROS);
                })
                .single();
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
