package reconciler.run;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.change.Lane;

/// The lease row: one run at a time.
///
/// A lease is its holder's by name, epoch and a token that the holder chose at random, and on the
/// server where it was taken. It is taken over when it was given back, or when nothing was seen of
/// its holder for as long as it lasts; see [LeaseWatch].
public final class Leases {
    private static final String HELD_SINCE =
            "SELECT EXISTS (SELECT FROM reconciler.lease WHERE name = :name AND expires_at >= :since)";

    private static final String HOLDER =
            """
            SELECT epoch, token, owner, run_id, acquired_at, renewed_at,
                   (extract(epoch FROM CASE WHEN token IS NULL THEN least(expires_at - clock_timestamp(), interval '0')
                                            ELSE expires_at - clock_timestamp() END) * 1000)::bigint AS remaining_millis,
                   clock_stepped_at, clock_stepped_millis
              FROM reconciler.lease WHERE name = :name
            """;

    /// Also after it has expired, as long as nobody has taken it over.
    private static final String RENEW =
            """
            UPDATE reconciler.lease
               SET renewed_at = clock_timestamp(), expires_at = clock_timestamp() + :ttl * interval '1 millisecond',
                   renewals = renewals + 1
             WHERE name = :name AND epoch = :epoch AND token = :token AND server = reconciler.server_incarnation()
            RETURNING clock_timestamp() AS now
            """;

    private static final String NAME_RUN =
            "UPDATE reconciler.lease SET run_id = :run WHERE name = :name AND epoch = :epoch AND token = :token";

    private static final String TELL_CLOCK_STEP =
            """
            UPDATE reconciler.lease SET clock_stepped_at = clock_timestamp(), clock_stepped_millis = :millis
             WHERE name = :name AND epoch = :epoch AND token = :token
            """;

    private static final String CONFIRM =
            """
            SELECT 1 FROM reconciler.lease
             WHERE name = :name AND epoch = :epoch AND token = :token AND server = reconciler.server_incarnation()
               FOR KEY SHARE
            """;

    private static final String IS_ELSEWHERE =
            """
            SELECT EXISTS (SELECT FROM reconciler.lease
                            WHERE name = :name AND epoch = :epoch AND token = :token
                              AND server <> reconciler.server_incarnation())
            """;

    private static final String RELEASE =
            """
            UPDATE reconciler.lease SET expires_at = least(expires_at, clock_timestamp()), token = NULL
             WHERE name = :name AND epoch = :epoch AND token = :token
            """;

    private final JdbcClient jdbc;
    private final String name;
    private final Heartbeats beats;
    private final LongSupplier nanoTime;
    private final LeaseTakeOver takeOver;

    /// That of the runs: those of different jobs do not overlap either.
    public Leases(DataSource dataSource) {
        this(dataSource, Lane.RUN);
    }

    /// One lane, one lease.
    public Leases(DataSource dataSource, Lane lane) {
        this(dataSource, lane, System::nanoTime);
    }

    /// @param nanoTime a clock that never goes back
    Leases(DataSource dataSource, Lane lane, LongSupplier nanoTime) {
        jdbc = JdbcClient.create(dataSource);
        name =
                switch (lane) {
                    case RUN -> "reconciler";
                    case EXPRESS -> "express";
                };
        beats = new Heartbeats(jdbc, name);
        this.nanoTime = nanoTime;
        takeOver = new LeaseTakeOver(jdbc, name, nanoTime);
    }

    String name() {
        return name;
    }

    LongSupplier nanoTime() {
        return nanoTime;
    }

    /// How the run under way goes; null while it has told nothing yet.
    public @Nullable Pulse pulse(Holder holder) {
        return beats.pulse(holder.epoch());
    }

    /// Who asked the holder to end; null when nobody did.
    public @Nullable StopRequest stopRequest() {
        return beats.stopRequest();
    }

    /// How it changes hands.
    LeaseTakeOver takeOver() {
        return takeOver;
    }

    /// What the holder and those who watch it tell each other.
    Heartbeats beats() {
        return beats;
    }

    /// By which a holder shows that a lease is its own.
    ///
    /// @param token random
    record Tenure(long epoch, UUID token) {}

    /// A lease that was taken.
    ///
    /// @param since a moment of our monotonic clock before it was taken
    /// @param before how long the lease lasted that was there before; zero when there was none
    record Taken(Tenure tenure, long since, Duration before) {}

    /// Who holds the lease, or held it last.
    ///
    /// @param token null when it is free
    /// @param remaining until it expires; negative when it has
    /// @param clockStep the last step of the database's clock that the holder saw; null when it saw
    ///   none
    public record Holder(
            long epoch,
            @Nullable UUID token,
            String owner,
            @Nullable Long runId,
            Instant acquiredAt,
            Instant renewedAt,
            Duration remaining,
            @Nullable ClockStep clockStep) {
        public boolean isAlive() {
            return token != null && remaining.isPositive();
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
                                row.getObject("token", UUID.class),
                                row.getString("owner"),
                                row.getObject("run_id", Long.class),
                                instant(row, "acquired_at"),
                                instant(row, "renewed_at"),
                                Duration.ofMillis(row.getLong("remaining_millis")),
                                clockStep(row)))
                .optional()
                .orElse(null);
    }

    private static @Nullable ClockStep clockStep(ResultSet row) throws SQLException {
        return row.getObject("clock_stepped_at") == null
                ? null
                : new ClockStep(
                        instant(row, "clock_stepped_at"),
                        Duration.ofMillis(row.getLong("clock_stepped_millis")));
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    /// Whether somebody held it at this moment of the database's clock, or has since.
    boolean wasHeldSince(Instant moment) {
        return jdbc.sql(HELD_SINCE)
                .param("name", name)
                .param("since", moment.atOffset(ZoneOffset.UTC))
                .query(Boolean.class)
                .single();
    }

    /// @return the database's clock; null when the lease is not held any more
    @Nullable Instant renew(Tenure tenure, Duration ttl) {
        return jdbc.sql(RENEW)
                .param("name", name)
                .param("epoch", tenure.epoch())
                .param("token", tenure.token())
                .param("ttl", ttl.toMillis())
                .query((row, _) -> instant(row, "now"))
                .optional()
                .orElse(null);
    }

    void nameRun(Tenure tenure, long run) {
        jdbc.sql(NAME_RUN)
                .param("name", name)
                .param("epoch", tenure.epoch())
                .param("token", tenure.token())
                .param("run", run)
                .update();
    }

    void tellClockStep(Tenure tenure, Duration step) {
        jdbc.sql(TELL_CLOCK_STEP)
                .param("name", name)
                .param("epoch", tenure.epoch())
                .param("token", tenure.token())
                .param("millis", step.toMillis())
                .update();
    }

    /// Keeps a take-over waiting until the caller's transaction ends.
    ///
    /// @throws LeaseLost when the take-over has happened, or this is not the server where the lease
    ///   was taken
    void confirm(Tenure tenure) {
        if (jdbc.sql(CONFIRM)
                .param("name", name)
                .param("epoch", tenure.epoch())
                .param("token", tenure.token())
                .query()
                .listOfRows()
                .isEmpty()) {
            throw lost(tenure);
        }
    }

    /// Why the lease is not held any more.
    LeaseLost lost(Tenure tenure) {
        boolean elsewhere =
                jdbc.sql(IS_ELSEWHERE)
                        .param("name", name)
                        .param("epoch", tenure.epoch())
                        .param("token", tenure.token())
                        .query(Boolean.class)
                        .single();
        return elsewhere
                ? LeaseLost.byFailover(name, tenure.epoch())
                : LeaseLost.byTakeOver(name, tenure.epoch());
    }

    void release(Tenure tenure) {
        jdbc.sql(RELEASE)
                .param("name", name)
                .param("epoch", tenure.epoch())
                .param("token", tenure.token())
                .update();
    }
}
