package reconciler.bench.peer;

import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// The rows of a peer: what is owed, and one outcome for each.
public final class PeerTables {
    /// Made and filled before the clock runs.
    public static final String CREATE =
            """
            CREATE SCHEMA peer;
            CREATE TABLE peer.item (
                id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                conversation_id  uuid NOT NULL,
                participant_id   uuid NOT NULL,
                participant_role text NOT NULL,
                attribute_name   text NOT NULL,
                attribute_value  text NOT NULL,
                status           text NOT NULL DEFAULT 'PENDING'
            );
            CREATE INDEX item_pending ON peer.item (participant_role, id) WHERE status = 'PENDING';
            CREATE TABLE peer.outcome (
                item_id     bigint PRIMARY KEY,
                status      text NOT NULL,
                http_status integer NOT NULL,
                occurred_at timestamptz NOT NULL DEFAULT clock_timestamp()
            );
            """;

    static final String INSERT_OUTCOME =
            "INSERT INTO peer.outcome (item_id, status, http_status) VALUES (:id, :status, :httpStatus)";

    static final String UPDATE_ITEM = "UPDATE peer.item SET status = :status WHERE id = :id";

    private static final String PAGE =
            """
            SELECT id, conversation_id, participant_id, participant_role, attribute_name, attribute_value
              FROM peer.item WHERE status = 'PENDING' AND id > :after ORDER BY id LIMIT 1000
            """;

    private static final String ONE =
            """
            SELECT id, conversation_id, participant_id, participant_role, attribute_name, attribute_value
              FROM peer.item WHERE id = :id
            """;

    static final RowMapper<Item> ITEM =
            (row, _) ->
                    new Item(
                            row.getLong("id"),
                            row.getObject("conversation_id", UUID.class),
                            row.getObject("participant_id", UUID.class),
                            row.getString("participant_role"),
                            row.getString("attribute_name"),
                            row.getString("attribute_value"));

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    PeerTables(DataSource dataSource) {
        jdbc = JdbcClient.create(dataSource);
        transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
    }

    /// What is owed: one attribute of one participant.
    record Item(
            long id,
            UUID conversationId,
            UUID participantId,
            String role,
            String name,
            String value) {}

    List<Item> page(long after) {
        return jdbc.sql(PAGE).param("after", after).query(ITEM).list();
    }

    Item item(long id) {
        return jdbc.sql(ONE).param("id", id).query(ITEM).single();
    }

    long pending() {
        return jdbc.sql("SELECT count(*) FROM peer.item WHERE status = 'PENDING'")
                .query(Long.class)
                .single();
    }

    List<Long> ids() {
        return jdbc.sql("SELECT id FROM peer.item ORDER BY id").query(Long.class).list();
    }

    /// The outcome and the state of one row, in one transaction.
    void settle(long id, int httpStatus) {
        transaction.executeWithoutResult(_ -> settleInTransaction(id, httpStatus));
    }

    private void settleInTransaction(long id, int httpStatus) {
        String status = status(httpStatus);
        jdbc.sql(INSERT_OUTCOME)
                .param("id", id)
                .param("status", status)
                .param("httpStatus", httpStatus)
                .update();
        jdbc.sql(UPDATE_ITEM).param("id", id).param("status", status).update();
    }

    static String status(int httpStatus) {
        return httpStatus == 200 ? "APPLIED" : "FAILED";
    }
}
