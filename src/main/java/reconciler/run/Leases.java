package reconciler.run;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.change.Lane;

/// The lease row: one run at a time, by the database's clock.
public final class Leases {
    private static final String HELD_SINCE =
            "SELECT EXISTS (SELECT FROM reconciler.lease WHERE name = :name AND expires_at >= :since)";

    private static final String ACQUIRE =
            """
            INSERT INTO reconciler.lease AS l (name, epoch, owner, acquired_at, renewed_at, expires_at)
            VALUES (:name, 1, :owner, clock_timestamp(), clock_timestamp(),
                    clock_timestamp() + :ttl * interval '1 millisecond')
            ON CONFLICT (name) DO UPDATE
               SET epoch = l.epoch + 1, owner = excluded.owner, run_id = NULL, acquired_at = excluded.acquired_at,
                   renewed_at = excluded.renewed_at, expires_at = excluded.expires_at,
                   stop_requested_by = NULL, stop_reason = NULL, requests = NULL, throttled = NULL, settled = NULL,
                   recent_requests = NULL, recent_throttled = NULL, recent_millis = NULL, ceiling_per_minute = NULL,
                   held_up_by = NULL,
                   roles = NULL, role_planned = NULL, role_settled = NULL, role_not_applied = NULL
             WHERE l.expires_at <= clock_timestamp()
            RETURNING l.epoch
            """;

    private static final String HOLDER =
            """
            SELECT epoch, owner, run_id, acquired_at, renewed_at,
                   (extract(epoch FROM expires_at - clock_timestamp()) * 1000)::bigint AS remaining_millis
              FROM reconciler.lease WHERE name = :name
            """;

    private static final String RENEW =
            """
            UPDATE reconciler.lease
               SET renewed_at = clock_timestamp(), expires_at = clock_timestamp() + :ttl * interval '1 millisecond'
             WHERE name = :name AND epoch = :epoch AND expires_at > clock_timestamp()
            """;

    private static final String NAME_RUN =
            "UPDATE reconciler.lease SET run_id = :run WHERE name = :name AND epoch = :epoch";

    private static final String CONFIRM =
            "SELECT 1 FROM reconciler.lease WHERE name = :name AND epoch = :epoch FOR KEY SHARE";

    private static final String RELEASE =
            """
            UPDATE reconciler.lease SET expires_at = clock_timestamp()
             WHERE name = :name AND epoch = :epoch AND expires_at > clock_timestamp()
            """;

    private final JdbcClient jdbc;
    private final String name;
    private final Heartbeats beats;

    /// That of the runs: those of different jobs do not overlap either.
    public Leases(DataSource dataSource) {
        this(dataSource, Lane.RUN);
    }

    /// One lane, one lease.
    public Leases(DataSource dataSource, Lane lane) {
        jdbc = JdbcClient.create(dataSource);
        name =
                switch (lane) {
                    case RUN -> "reconciler";
                    case EXPRESS -> "express";
                };
        beats = new Heartbeats(jdbc, name);
    }

    String name() {
        return name;
    }

    /// How the run under way goes; null while it has told nothing yet.
    public @Nullable Pulse pulse(Holder holder) {
        return beats.pulse(holder.epoch());
    }

    /// Who asked the holder to end; null when nobody did.
    public @Nullable StopRequest stopRequest() {
        return beats.stopRequest();
    }

    /// What the holder and those who watch it tell each other.
    Heartbeats beats() {
        return beats;
    }

    /// Who holds the lease, or held it last.
    ///
    /// @param remaining until it expires; negative when it has
    public record Holder(
            long epoch,
            String owner,
            @Nullable Long runId,
            Instant acquiredAt,
            Instant renewedAt,
            Duration remaining) {
        public boolean isAlive() {
            return remaining.isPositive();
        }

        /// `run 12`, or what comes before a run has its number.
        public String name() {
            return runId == null ? "a run that is about to begin" : "run " + runId;
        }
    }

    /// Null when nobody ever held it.
    public @Nullable Holder holder() {
        return jdbc.sql(HOLDER)
                .param("name", name)
                .query((row, _) ->
                        new Holder(
                                row.getLong("epoch"),
                                row.getString("owner"),
                                row.getObject("run_id", Long.class),
                                row.getObject("acquired_at", OffsetDateTime.class).toInstant(),
                                row.getObject("renewed_at", OffsetDateTime.class).toInstant(),
                                Duration.ofMillis(row.getLong("remaining_millis"))))
                .optional()
                .orElse(null);
    }

    /// Takes the lease when it is free or expired.
    ///
    /// @return the epoch, the fencing token
    /// @throws LeaseHeld when somebody holds it
    long acquire(String owner, Duration ttl) {
        Long epoch = acquireIfFree(owner, ttl);
        if (epoch != null) {
            return epoch;
        }
        Holder holder = holder();
        if (holder == null) {
            return acquire(owner, ttl);
        }
        throw new LeaseHeld(
                holder.owner(), holder.acquiredAt(), holder.renewedAt(), holder.remaining());
    }

    /// The same.
    ///
    /// @param ttl zero: the holder that died is succeeded, and the lease is free again at once
    /// @return null when somebody holds it
    @Nullable Long acquireIfFree(String owner, Duration ttl) {
        return jdbc.sql(ACQUIRE)
                .param("name", name)
                .param("owner", owner)
                .param("ttl", ttl.toMillis())
                .query((row, _) -> row.getLong("epoch"))
                .optional()
                .orElse(null);
    }

    /// Whether somebody held it at this moment of the database's clock, or has since.
    boolean wasHeldSince(Instant moment) {
        return jdbc.sql(HELD_SINCE)
                .param("name", name)
                .param("since", moment.atOffset(ZoneOffset.UTC))
                .query(Boolean.class)
                .single();
    }

    /// @return false when the lease is not held at this epoch any more
    boolean renew(long epoch, Duration ttl) {
        return jdbc.sql(RENEW)
                        .param("name", name)
                        .param("epoch", epoch)
                        .param("ttl", ttl.toMillis())
                        .update()
                == 1;
    }

    void nameRun(long epoch, long run) {
        jdbc.sql(NAME_RUN).param("name", name).param("epoch", epoch).param("run", run).update();
    }

    /// Keeps a take-over waiting until the caller's transaction ends.
    ///
    /// @throws LeaseLost when the take-over has happened
    void confirm(long epoch) {
        if (jdbc.sql(CONFIRM)
                .param("name", name)
                .param("epoch", epoch)
                .query()
                .listOfRows()
                .isEmpty()) {
            throw new LeaseLost(name, epoch);
        }
    }

    void release(long epoch) {
        jdbc.sql(RELEASE).param("name", name).param("epoch", epoch).update();
    }
}
