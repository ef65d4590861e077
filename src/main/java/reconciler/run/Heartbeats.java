package reconciler.run;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What the holder of a lease and those who watch it tell each other, in the lease's row.
record Heartbeats(JdbcClient jdbc, String name) {
    private static final String TELL =
            """
            UPDATE reconciler.lease
               SET requests = :requests, throttled = :throttled, settled = :settled, recent_requests = :recentRequests,
                   recent_throttled = :recentThrottled, recent_millis = :recentMillis, ceiling_per_minute = :ceiling,
                   held_up_by = :heldUpBy,
                   roles = :roles, role_planned = :planned, role_settled = :settledOfRoles, role_not_applied = :notApplied
             WHERE name = :name AND epoch = :epoch AND token = :token
            RETURNING stop_requested_by, stop_reason
            """;

    private static final String STOP_REQUEST =
            "SELECT stop_requested_by, stop_reason FROM reconciler.lease WHERE name = :name";

    /// The first to ask is named.
    private static final String ASK_TO_STOP =
            """
            UPDATE reconciler.lease
               SET stop_requested_by = :by, stop_reason = :reason
             WHERE name = :name AND epoch = :epoch AND token = :token AND expires_at > clock_timestamp()
               AND stop_requested_by IS NULL
            """;

    private static final String PULSE =
            """
            SELECT requests, throttled, settled, recent_requests, recent_throttled, recent_millis, ceiling_per_minute, roles,
                   role_planned, role_settled, role_not_applied, held_up_by
              FROM reconciler.lease
             WHERE name = :name AND epoch = :epoch AND requests IS NOT NULL
            """;

    /// @param pulse null for a holder that counts nothing
    /// @return whether the holder is to end; null when nobody wants that
    @Nullable StopRequest tell(Leases.Tenure tenure, @Nullable Pulse pulse) {
        return jdbc.sql(TELL)
                .param("name", name)
                .param("epoch", tenure.epoch())
                .param("token", tenure.token())
                .param("requests", pulse == null ? null : pulse.requests(), Types.BIGINT)
                .param("throttled", pulse == null ? null : pulse.throttled(), Types.BIGINT)
                .param("settled", pulse == null ? null : pulse.settled(), Types.BIGINT)
                .param(
                        "recentRequests",
                        pulse == null ? null : pulse.recentRequests(),
                        Types.BIGINT)
                .param(
                        "recentThrottled",
                        pulse == null ? null : pulse.recentThrottled(),
                        Types.BIGINT)
                .param(
                        "recentMillis",
                        pulse == null ? null : pulse.recent().toMillis(),
                        Types.BIGINT)
                .param("ceiling", pulse == null ? null : pulse.ceilingPerMinute(), Types.DOUBLE)
                .param("heldUpBy", pulse == null ? null : pulse.heldUpBy(), Types.VARCHAR)
                .param(
                        "roles",
                        pulse == null
                                ? null
                                : pulse.roles().stream()
                                        .map(Pulse.OfRole::role)
                                        .toArray(String[]::new),
                        Types.ARRAY)
                .param("planned", numbers(pulse, Pulse.OfRole::planned), Types.ARRAY)
                .param("settledOfRoles", numbers(pulse, Pulse.OfRole::settled), Types.ARRAY)
                .param("notApplied", numbers(pulse, Pulse.OfRole::notApplied), Types.ARRAY)
                .query(Answer::of)
                .optional()
                .flatMap(Answer::request)
                .orElse(null);
    }

    private static Long @Nullable [] numbers(
            @Nullable Pulse pulse, Function<Pulse.OfRole, Long> number) {
        return pulse == null ? null : pulse.roles().stream().map(number).toArray(Long[]::new);
    }

    private record Answer(@Nullable String by, @Nullable String reason) {
        static Answer of(ResultSet row, int number) throws SQLException {
            return new Answer(row.getString("stop_requested_by"), row.getString("stop_reason"));
        }

        Optional<StopRequest> request() {
            return by == null ? Optional.empty() : Optional.of(new StopRequest(by, reason));
        }
    }

    /// @return false when this holder does not hold the lease any more, or somebody asked before
    boolean askToStop(Leases.Holder holder, StopRequest request) {
        return jdbc.sql(ASK_TO_STOP)
                        .param("name", name)
                        .param("epoch", holder.epoch())
                        .param("token", holder.token(), Types.OTHER)
                        .param("by", request.by())
                        .param("reason", request.reason())
                        .update()
                == 1;
    }

    /// Who asked the present or last holder to end; null when nobody did.
    @Nullable StopRequest stopRequest() {
        return jdbc.sql(STOP_REQUEST)
                .param("name", name)
                .query(Answer::of)
                .optional()
                .flatMap(Answer::request)
                .orElse(null);
    }

    /// Null when the holder told nothing yet.
    @Nullable Pulse pulse(long epoch) {
        return jdbc.sql(PULSE)
                .param("name", name)
                .param("epoch", epoch)
                .query((row, _) ->
                        new Pulse(
                                row.getLong("requests"),
                                row.getLong("throttled"),
                                row.getLong("settled"),
                                row.getLong("recent_requests"),
                                row.getLong("recent_throttled"),
                                Duration.ofMillis(row.getLong("recent_millis")),
                                row.getDouble("ceiling_per_minute"),
                                roles(row),
                                row.getString("held_up_by")))
                .optional()
                .orElse(null);
    }

    private static List<Pulse.OfRole> roles(ResultSet row) throws SQLException {
        if (row.getArray("roles") == null) {
            return List.of();
        }
        String[] names = (String[]) row.getArray("roles").getArray();
        Long[] planned = (Long[]) row.getArray("role_planned").getArray();
        Long[] settled = (Long[]) row.getArray("role_settled").getArray();
        Long[] notApplied = (Long[]) row.getArray("role_not_applied").getArray();
        return IntStream.range(0, names.length)
                .mapToObj(i -> new Pulse.OfRole(names[i], planned[i], settled[i], notApplied[i]))
                .toList();
    }
}
