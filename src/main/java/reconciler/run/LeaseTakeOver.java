package reconciler.run;

import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.outcome.Pauses;

/// How a lease changes hands: it is taken when it was given back, or when nothing was seen of its
/// holder for as long as it lasts; see [LeaseWatch].
final class LeaseTakeOver {
    private static final Logger LOG = LoggerFactory.getLogger(LeaseTakeOver.class);

    private static final String LOOK =
            """
            SELECT epoch, token, owner, renewals, acquired_at, renewed_at,
                   (extract(epoch FROM expires_at - renewed_at) * 1000)::bigint AS lasts_millis,
                   (extract(epoch FROM expires_at - clock_timestamp()) * 1000)::bigint AS remaining_millis
              FROM reconciler.lease WHERE name = :name
            """;

    /// From whom it was seen with, or it stays as it is.
    private static final String TAKE =
            """
            INSERT INTO reconciler.lease AS l (name, epoch, owner, token, server, acquired_at, renewed_at, expires_at)
            VALUES (:name, 1, :owner, :token, reconciler.server_incarnation(), clock_timestamp(), clock_timestamp(),
                    clock_timestamp() + :ttl * interval '1 millisecond')
            ON CONFLICT (name) DO UPDATE
               SET epoch = l.epoch + 1, owner = excluded.owner, token = excluded.token, server = excluded.server,
                   renewals = 0, run_id = NULL, acquired_at = excluded.acquired_at,
                   renewed_at = excluded.renewed_at, expires_at = excluded.expires_at,
                   stop_requested_by = NULL, stop_reason = NULL, requests = NULL, throttled = NULL, settled = NULL,
                   recent_requests = NULL, recent_throttled = NULL, recent_millis = NULL, ceiling_per_minute = NULL,
                   held_up_by = NULL, clock_stepped_at = NULL, clock_stepped_millis = NULL,
                   roles = NULL, role_planned = NULL, role_settled = NULL, role_not_applied = NULL
             WHERE l.epoch = :seenEpoch AND l.renewals = :seenRenewals
               AND l.token IS NOT DISTINCT FROM :seenToken
            RETURNING l.epoch
            """;

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

    private final JdbcClient jdbc;
    private final String name;
    private final LongSupplier nanoTime;
    private final LeaseWatch watch;

    LeaseTakeOver(JdbcClient jdbc, String name, LongSupplier nanoTime) {
        this.jdbc = jdbc;
        this.name = name;
        this.nanoTime = nanoTime;
        watch = new LeaseWatch(nanoTime);
    }

    /// What a look at the row shows.
    ///
    /// @param token null when it is free
    private record Seen(
            long epoch,
            @Nullable UUID token,
            String owner,
            long renewals,
            Instant acquiredAt,
            Instant renewedAt,
            Duration lasts,
            Duration remaining) {
        /// By the database's clock. One that has longer to go than it lasts is from before the
        /// clock was set back.
        boolean isInForce() {
            return remaining.isPositive() && remaining.compareTo(lasts) <= 0;
        }

        LeaseHeld held(Duration left) {
            return new LeaseHeld(owner, acquiredAt, renewedAt, isInForce() ? remaining : left);
        }
    }

    private Optional<Seen> look() {
        return jdbc.sql(LOOK)
                .param("name", name)
                .query((row, _) ->
                        new Seen(
                                row.getLong("epoch"),
                                row.getObject("token", UUID.class),
                                row.getString("owner"),
                                row.getLong("renewals"),
                                Leases.instant(row, "acquired_at"),
                                Leases.instant(row, "renewed_at"),
                                Duration.ofMillis(Math.max(0, row.getLong("lasts_millis"))),
                                Duration.ofMillis(row.getLong("remaining_millis"))))
                .optional();
    }

    /// How long the holder may live yet; not positive when it is gone, or there is none.
    private Duration left(Seen seen) {
        UUID token = seen.token();
        return token == null
                ? Duration.ZERO
                : watch.left(
                        new LeaseWatch.Sign(seen.epoch(), token, seen.renewals()), seen.lasts());
    }

    /// Takes the lease when it is free. When it has expired without having been given back, waits
    /// until it is certain that its holder is gone.
    ///
    /// @param token random, never used before
    /// @param pauses how to wait
    /// @throws LeaseHeld when somebody holds it, or the wait was cut short
    Leases.Taken acquire(String owner, UUID token, Duration ttl, Pauses pauses) {
        boolean waiting = false;
        while (true) {
            Optional<Seen> seen = look();
            Duration left = seen.map(this::left).orElse(Duration.ZERO);
            if (left.isPositive()) {
                waiting = waits(seen.orElseThrow(), left, waiting, pauses);
            } else {
                long before = nanoTime.getAsLong();
                Long epoch = take(seen, owner, token, ttl);
                if (epoch != null) {
                    return new Leases.Taken(
                            new Leases.Tenure(epoch, token),
                            before,
                            seen.map(Seen::lasts).orElse(Duration.ZERO));
                }
            }
        }
    }

    private static boolean waits(Seen seen, Duration left, boolean waited, Pauses pauses) {
        if (seen.isInForce()) {
            throw seen.held(left);
        }
        if (!waited) {
            LOG.info(
                    "the lease of {} has expired; it is taken when nothing is heard of its holder for {} s",
                    seen.owner(),
                    Math.max(1, left.toSeconds()));
        }
        if (!pauses.pause(left.compareTo(BETWEEN_LOOKS) < 0 ? left : BETWEEN_LOOKS)) {
            throw seen.held(left);
        }
        return true;
    }

    private @Nullable Long take(
            Optional<Seen> seen, String owner, @Nullable UUID token, Duration ttl) {
        return jdbc.sql(TAKE)
                .param("name", name)
                .param("owner", owner)
                .param("token", token, Types.OTHER)
                .param("ttl", ttl.toMillis())
                .param("seenEpoch", seen.map(Seen::epoch).orElse(0L))
                .param("seenRenewals", seen.map(Seen::renewals).orElse(0L))
                .param("seenToken", seen.map(Seen::token).orElse(null), Types.OTHER)
                .query((row, _) -> row.getLong("epoch"))
                .optional()
                .orElse(null);
    }

    /// Whether it cannot be told yet if the holder lives: the lease has expired, and it was not
    /// looked at for long enough.
    boolean isUncertain() {
        return look().filter(seen -> left(seen).isPositive() && !seen.isInForce()).isPresent();
    }

    /// Succeeds a holder that is gone, or nobody; the lease is free again at once.
    ///
    /// @return false when somebody holds it, or may hold it as far as was seen yet
    boolean passThrough(String owner) {
        Optional<Seen> seen = look();
        return seen.filter(row -> left(row).isPositive()).isEmpty()
                && take(seen, owner, null, Duration.ZERO) != null;
    }
}
