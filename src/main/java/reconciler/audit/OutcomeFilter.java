package reconciler.audit;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import reconciler.change.ChangeState;

/// Which outcomes; null fields and an empty set do not restrict.
///
/// @param since from this moment on
/// @param until before this moment
public record OutcomeFilter(
        @Nullable Long run,
        @Nullable Long set,
        @Nullable Long change,
        @Nullable UUID conversation,
        @Nullable UUID participant,
        @Nullable String role,
        @Nullable String attribute,
        @Nullable String error,
        @Nullable String requester,
        @Nullable Instant since,
        @Nullable Instant until,
        Set<ChangeState> statuses,
        long limit) {
    private static final String WANTED =
            """
            (:run::bigint IS NULL OR run_id = :run)
            AND (:set::bigint IS NULL OR change_set_id = :set)
            AND (:change::bigint IS NULL OR change_id = :change)
            AND (:conversation::uuid IS NULL OR conversation_id = :conversation)
            AND (:participant::uuid IS NULL OR participant_id = :participant)
            AND (:role::text IS NULL OR participant_role = :role)
            AND (:attribute::text IS NULL OR attribute_name = :attribute)
            AND (:error::text IS NULL OR error_code = :error)
            AND (:requester::text IS NULL OR requested_by = :requester)
            AND (:since::timestamptz IS NULL OR occurred_at >= :since)
            AND (:until::timestamptz IS NULL OR occurred_at < :until)
            AND (:everyStatus OR status = ANY (:statuses))
            """;

    public static final OutcomeFilter NONE =
            new OutcomeFilter(
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    Set.of(),
                    Long.MAX_VALUE);

    /// The statement with its condition on `audit.v_outcome` spelled out: `{wanted}`.
    static String in(String statement) {
        return statement.replace("{wanted}", WANTED);
    }

    /// The parameters of the condition, and `:limit`.
    StatementSpec of(StatementSpec statement) {
        return statement
                .param("run", run)
                .param("set", set)
                .param("change", change)
                .param("conversation", conversation)
                .param("participant", participant)
                .param("role", role)
                .param("attribute", attribute)
                .param("error", error)
                .param("requester", requester)
                .param("since", since == null ? null : since.atOffset(ZoneOffset.UTC))
                .param("until", until == null ? null : until.atOffset(ZoneOffset.UTC))
                .param("everyStatus", statuses.isEmpty())
                .param("statuses", statuses.stream().map(ChangeState::name).toArray(String[]::new))
                .param("limit", limit);
    }
}
