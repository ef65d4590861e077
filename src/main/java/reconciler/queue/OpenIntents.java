package reconciler.queue;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.change.Lane;
import reconciler.change.Participant;
import reconciler.outcome.Attempt;
import reconciler.outcome.Intent;

/// The requests that are about to be sent, or under way. Everything here joins the caller's
/// transaction.
public final class OpenIntents {
    private static final String OPEN =
            """
            INSERT INTO reconciler.intent (claim, block, run_id, change_ids, purposes, methods, paths, request_sha256)
            SELECT i.claim, :block, :run, array_agg(i.change_ids ORDER BY i.number), array_agg(i.purpose ORDER BY i.number),
                   array_agg(i.method ORDER BY i.number), array_agg(i.path ORDER BY i.number),
                   array_agg(i.request_sha256 ORDER BY i.number)
              FROM unnest(:claims::bigint[], :changes::text[], :purposes::text[], :methods::text[], :paths::text[],
                          :hashes::text[])
                       WITH ORDINALITY AS i (claim, change_ids, purpose, method, path, request_sha256, number)
             GROUP BY i.claim
            ON CONFLICT DO NOTHING
            """;

    private static final String CLOSE = "DELETE FROM reconciler.intent WHERE claim = :claim";

    private static final String CLOSE_ALL =
            "DELETE FROM reconciler.intent WHERE (claim < 0) = :express";

    private static final String ALL =
            """
            SELECT i.run_id, i.claim, i.recorded_at, r.change_ids::bigint[] AS change_ids, r.purpose, r.method, r.path,
                   r.request_sha256, c.conversation_id, c.participant_id
              FROM reconciler.intent i
             CROSS JOIN LATERAL unnest(i.change_ids, i.purposes, i.methods, i.paths, i.request_sha256)
                       WITH ORDINALITY AS r (change_ids, purpose, method, path, request_sha256, number)
             CROSS JOIN LATERAL (SELECT a.conversation_id, a.participant_id
                                   FROM reconciler.attribute_change a WHERE a.id = (r.change_ids::bigint[])[1] OFFSET 0) AS c
             WHERE (i.claim < 0) = :express
             ORDER BY i.run_id, i.claim, i.block, r.number
            """;

    private final JdbcClient jdbc;
    private final Lane lane;

    /// Those of runs.
    public OpenIntents(DataSource dataSource) {
        this(dataSource, Lane.RUN);
    }

    /// @param lane whose intents are looked at as a whole
    public OpenIntents(DataSource dataSource, Lane lane) {
        jdbc = JdbcClient.create(dataSource);
        this.lane = lane;
    }

    /// A request that was never answered, as far as anybody has written down.
    public record Unanswered(long run, long claim, Attempt attempt) {}

    /// Writes a block down. The same block again changes nothing.
    public void open(long run, long block, List<ClaimedIntent> intents) {
        jdbc.sql(OPEN)
                .param("run", run)
                .param("block", block)
                .param("claims", column(intents, ClaimedIntent::claim, Long[]::new))
                .param("changes", texts(intents, OpenIntents::arrayLiteral))
                .param("purposes", texts(intents, intent -> intent.purpose().name()))
                .param("methods", texts(intents, Intent::method))
                .param("paths", texts(intents, Intent::path))
                .param("hashes", texts(intents, Intent::requestHash))
                .update();
    }

    /// The claim's turns are over, and their requests on record as attempts.
    public void close(long claim) {
        jdbc.sql(CLOSE).param("claim", claim).update();
    }

    /// Everything of the lane that is open, by run and claim. Once nobody works on it: what dead
    /// runs left.
    public List<Unanswered> all() {
        return jdbc.sql(ALL)
                .param("express", lane.isExpress())
                .query((row, _) -> unanswered(row))
                .list();
    }

    public void closeAll() {
        jdbc.sql(CLOSE_ALL).param("express", lane.isExpress()).update();
    }

    private static Unanswered unanswered(ResultSet row) throws SQLException {
        var intent =
                new Intent(
                        Attempt.Purpose.valueOf(row.getString("purpose")),
                        new Participant(
                                row.getObject("conversation_id", UUID.class),
                                row.getObject("participant_id", UUID.class)),
                        Arrays.asList((Long[]) row.getArray("change_ids").getArray()),
                        row.getString("method"),
                        row.getString("path"),
                        row.getString("request_sha256"));
        return new Unanswered(
                row.getLong("run_id"),
                row.getLong("claim"),
                intent.unanswered(Moments.instant(row, "recorded_at")));
    }

    private static String arrayLiteral(Intent intent) {
        return intent.changeIds().stream()
                .map(String::valueOf)
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static @Nullable String[] texts(
            List<ClaimedIntent> intents, Function<Intent, @Nullable String> value) {
        return column(intents, claimed -> value.apply(claimed.intent()), String[]::new);
    }

    private static <T extends @Nullable Object> T[] column(
            List<ClaimedIntent> intents, Function<ClaimedIntent, T> value, IntFunction<T[]> array) {
        return intents.stream().map(value).toArray(array);
    }
}
