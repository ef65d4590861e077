package reconciler.intake;

import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.change.ApiLimits;

/// What the staged lines of a file ask of each participant, where it is to be applied all or not at
/// all.
final class StagedGroups {
    /// The size is that of the larger body of the two contracts, `web`:
    /// `{"type":"contact","participantAttributes":{"name":"value"}}`. The table refuses the same.
    private static final String UNFIT =
            """
            SELECT participant_id, first_line, changes, bytes,
                   (SELECT min(o.line) FROM reconciler.staged_change o
                     WHERE o.file_id = :file AND o.participant_id = g.participant_id AND o.conversation_id = g.conversation_id
                       AND (o.not_before IS DISTINCT FROM g.not_before OR o.apply_by IS DISTINCT FROM g.apply_by)) AS other_line
              FROM (SELECT conversation_id, participant_id, min(line) AS first_line, count(*) AS changes,
                           (array_agg(not_before ORDER BY line))[1] AS not_before,
                           (array_agg(apply_by ORDER BY line))[1] AS apply_by,
                           count(DISTINCT (not_before, apply_by)) AS times,
                           sum(octet_length(to_json(attribute_name)::text) + octet_length(to_json(attribute_value)::text) + 2)
                               + 37 + max(octet_length(participant_role)) AS bytes
                      FROM reconciler.staged_change
                     WHERE file_id = :file
                     GROUP BY conversation_id, participant_id) AS g
             WHERE g.times > 1 OR g.bytes > :limit
             ORDER BY first_line
             LIMIT 1
            """;

    private final JdbcClient jdbc;

    StagedGroups(DataSource dataSource) {
        this.jdbc = JdbcClient.create(dataSource);
    }

    /// Why the first participant that does not fit does not; null when all do.
    @Nullable String unfit(long file) {
        return jdbc.sql(UNFIT)
                .param("file", file)
                .param("limit", ApiLimits.REQUEST_BYTES)
                .query((row, _) -> {
                    String participant = "participant " + row.getString("participant_id");
                    int first = row.getInt("first_line");
                    int other = row.getInt("other_line");
                    return other > 0
                            ? "line "
                                    + other
                                    + ": "
                                    + participant
                                    + " has another not_before or apply_by than on line "
                                    + first
                                    + ", and --atomic applies them together: give them the same times"
                            : "line "
                                    + first
                                    + ": the "
                                    + row.getLong("changes")
                                    + " attributes of "
                                    + participant
                                    + " take a request of "
                                    + row.getLong("bytes")
                                    + " bytes, and the API takes "
                                    + ApiLimits.REQUEST_BYTES
                                    + ": shorten them, or queue the file without --atomic";
                })
                .optional()
                .orElse(null);
    }
}
