package reconciler.intake;

import java.sql.Types;
import java.util.Objects;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Lines on their way into the queue. Everything here belongs into one transaction.
final class Staging {
    /// The producer of a stream may take its time. The rows are sorted, most of them in memory.
    private static final String NEXT_FILE =
            """
            SELECT nextval('reconciler.staged_file_seq') AS file_id, set_config('statement_timeout', '0', true) AS timeout,
                   set_config('work_mem', '64MB', true) AS memory
            """;

    private static final String COPY =
            """
            COPY reconciler.staged_change (file_id, line, conversation_id, participant_id, participant_role, attribute_name,
                                           attribute_value, requested_by, not_before, apply_by)
            FROM STDIN
            """;

    /// In the order of the queue's widest index, which takes them several times faster than at
    /// random.
    private static final String PROMOTE =
            """
            INSERT INTO reconciler.attribute_change
                   (conversation_id, participant_id, participant_role, attribute_name, attribute_value, requested_by,
                    change_set_id, not_before, apply_by, priority, atomic_group)
            SELECT conversation_id, participant_id, participant_role, attribute_name, attribute_value, requested_by,
                   :changeSet, not_before, apply_by, :priority, :atomicGroup::bigint
              FROM reconciler.staged_change
             WHERE file_id = :file
             ORDER BY (uuid_hash_extended(participant_id, 0) & 1023)::smallint, participant_id, line
            """;

    private static final String CLEAR =
            "DELETE FROM reconciler.staged_change WHERE file_id = :file";

    private final JdbcTemplate template;
    private final JdbcClient jdbc;

    Staging(DataSource dataSource) {
        this.template = new JdbcTemplate(dataSource);
        this.jdbc = JdbcClient.create(template);
    }

    long nextFile() {
        return jdbc.sql(NEXT_FILE).query((row, _) -> row.getLong("file_id")).single();
    }

    /// Nothing else may use the transaction's connection until the copy has ended.
    StagingCopy copy(long file) {
        ConnectionCallback<StagingCopy> begin =
                connection ->
                        new StagingCopy(
                                connection.unwrap(PGConnection.class).getCopyAPI().copyIn(COPY),
                                file);
        return Objects.requireNonNull(template.execute(begin));
    }

    /// Turns the staged lines into pending changes; those of a participant in the order of the
    /// file.
    void promote(long file, long changeSet, long expected, ChangeSetRequest request) {
        int promoted =
                jdbc.sql(PROMOTE)
                        .param("file", file)
                        .param("changeSet", changeSet)
                        .param("priority", request.priority())
                        .param("atomicGroup", request.atomic() ? changeSet : null, Types.BIGINT)
                        .update();
        if (promoted != expected) {
            throw new IllegalStateException(
                    promoted + " lines were promoted, " + expected + " were good");
        }
    }

    void clear(long file) {
        jdbc.sql(CLEAR).param("file", file).update();
    }
}
