package reconciler.plan;

import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.audit.Refused;
import reconciler.outcome.Evidence;
import reconciler.run.Cancellations;

/// Decisions about change sets. Who decides is the database login; the database refuses whoever
/// asked for the set or queued it.
public final class Approvals {
    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    private static final String LOGIN = "SELECT session_user::text";

    private static final String APPROVE =
            """
            SELECT plan_id, sha256, valid_until
              FROM reconciler.approve(:set, :plan, :remark, :validMillis * interval '1 millisecond')
            """;

    private static final String REJECT = "SELECT reconciler.reject(:set, :remark)";

    private final JdbcClient jdbc;
    private final PlannableSets sets;
    private final Cancellations cancellations;

    public Approvals(DataSource dataSource) {
        jdbc = JdbcClient.create(dataSource);
        sets = new PlannableSets(dataSource);
        cancellations = new Cancellations(dataSource);
    }

    /// @param by the login that decided
    public record Approval(String by, String plan, String sha256, Instant until) {}

    /// @param plan null: the set's newest
    /// @throws Refusal when there is no such set
    /// @throws Refused saying why not
    /// @throws NotAnApprover when this login may not decide at all
    public Approval approve(
            long set, @Nullable Long plan, @Nullable String remark, Duration valid) {
        sets.demandExisting(set);
        String login = login();
        return decided(
                login,
                () ->
                        jdbc.sql(APPROVE)
                                .param("set", set)
                                .param("plan", plan, Types.BIGINT)
                                .param("remark", remark, Types.VARCHAR)
                                .param("validMillis", valid.toMillis())
                                .query((row, _) ->
                                        new Approval(
                                                login,
                                                Plan.name(row.getLong("plan_id")),
                                                row.getString("sha256"),
                                                row.getObject("valid_until", OffsetDateTime.class)
                                                        .toInstant()))
                                .single());
    }

    /// @param by the login that decided
    /// @param rows what became of them
    public record Rejection(String by, Cancellations.Cancelled rows) {}

    /// Refuses a set: its approval ends at once, what waits of it ends CANCELLED, in batches. When
    /// this is killed, the rest still waits, without an approval.
    ///
    /// @throws Refusal when there is no such set
    /// @throws Refused saying why not
    /// @throws NotAnApprover when this login may not decide at all
    public Rejection reject(long set, String remark) {
        sets.demandExisting(set);
        String login = login();
        var reason = Evidence.of("rejected", "by " + login + ": " + remark);
        decided(
                login,
                () ->
                        jdbc.sql(REJECT)
                                .param("set", set)
                                .param("remark", remark)
                                .query()
                                .singleRow());
        return new Rejection(login, cancellations.ofSet(set, reason));
    }

    private String login() {
        return jdbc.sql(LOGIN).query(String.class).single();
    }

    private static <T> T decided(String login, Supplier<T> statement) {
        try {
            return Refused.telling(statement);
        } catch (DataAccessException failure) {
            if (NestedExceptionUtils.getRootCause(failure) instanceof SQLException refusal
                    && INSUFFICIENT_PRIVILEGE.equals(refusal.getSQLState())) {
                throw new NotAnApprover(login);
            }
            throw failure;
        }
    }
}
