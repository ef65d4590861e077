package reconciler.queue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Rows as an operator inserts them, every field with a default.
public record Orders(DataSource dataSource) {
    public Order order() {
        return new Order(
                dataSource,
                UUID.randomUUID(),
                UUID.randomUUID(),
                "contact",
                "priority",
                "high",
                null,
                null,
                null);
    }

    /// How a row stands now, by the column.
    public String state(long id) {
        return JdbcClient.create(dataSource)
                .sql("SELECT state FROM reconciler.attribute_change WHERE id = :id")
                .param("id", id)
                .query(String.class)
                .single();
    }

    /// @return a new change set of kim's
    public long set() {
        return JdbcClient.create(dataSource)
                .sql("INSERT INTO reconciler.change_set (requested_by) VALUES ('kim') RETURNING id")
                .query(Long.class)
                .single();
    }

    /// @return a new change set of kim's, whose changes to a participant are applied all or not at
    ///   all
    public long atomicSet() {
        return JdbcClient.create(dataSource)
                .sql(
                        "INSERT INTO reconciler.change_set (requested_by, atomic) VALUES ('kim', true) RETURNING id")
                .query(Long.class)
                .single();
    }

    /// Queues changes to one participant in one statement, as an atomic group of their set.
    ///
    /// @return their ids
    public List<Long> queueTogether(Order order, Map<String, String> attributes) {
        return JdbcClient.create(dataSource)
                .sql(
                        """
                        INSERT INTO reconciler.attribute_change
                               (conversation_id, participant_id, participant_role, attribute_name, attribute_value,
                                requested_by, change_set_id, atomic_group, apply_by)
                        SELECT :conversation, :participant, :role, name, value, 'kim', :set, :set,
                               now() + :applyBy::bigint * interval '1 millisecond'
                          FROM unnest(:names::text[], :values::text[]) WITH ORDINALITY AS a (name, value, number)
                         ORDER BY number
                        RETURNING id
                        """)
                .param("conversation", order.conversation())
                .param("participant", order.participant())
                .param("role", order.role())
                .param("set", order.set())
                .param("applyBy", order.applyBy() == null ? null : order.applyBy().toMillis())
                .param("names", attributes.keySet().toArray(String[]::new))
                .param("values", attributes.values().toArray(String[]::new))
                .query((row, _) -> row.getLong("id"))
                .list();
    }

    /// Plans what waits of a set, as if nothing were there, and has it approved.
    public void approve(long set, String by) {
        JdbcClient.create(dataSource)
                .sql(
                        """
                        WITH plan AS (
                            INSERT INTO reconciler.plan (valid_until, made_by, change_set_id, job, job_file_sha256, api, as_of,
                                                         horizon, sha256)
                            SELECT now() + interval '1 day', 'kim', :set, 'quick', '', '', now(), max(id), repeat('0', 64)
                              FROM reconciler.attribute_change
                            RETURNING id, sha256
                        ), rows AS (
                            INSERT INTO reconciler.plan_row (plan_id, change_id, conversation_no, finding)
                            SELECT p.id, c.id, 1, 'CHANGE'
                              FROM plan p, reconciler.attribute_change c WHERE c.change_set_id = :set
                        )
                        UPDATE reconciler.change_set s
                           SET approved_by = :by, approved_at = clock_timestamp(), approved_plan = p.id,
                               approved_sha256 = p.sha256, approved_until = now() + interval '1 day'
                          FROM plan p WHERE s.id = :set
                        """)
                .param("set", set)
                .param("by", by)
                .update();
    }

    public record Order(
            DataSource dataSource,
            UUID conversation,
            UUID participant,
            String role,
            String name,
            String value,
            @Nullable Duration notBefore,
            @Nullable Duration applyBy,
            @Nullable Long set) {
        public Order of(UUID conversation, UUID participant) {
            return new Order(
                    dataSource,
                    conversation,
                    participant,
                    role,
                    name,
                    value,
                    notBefore,
                    applyBy,
                    set);
        }

        public Order as(String role) {
            return new Order(
                    dataSource,
                    conversation,
                    participant,
                    role,
                    name,
                    value,
                    notBefore,
                    applyBy,
                    set);
        }

        public Order setting(String name, String value) {
            return new Order(
                    dataSource,
                    conversation,
                    participant,
                    role,
                    name,
                    value,
                    notBefore,
                    applyBy,
                    set);
        }

        /// From now, negative for the past.
        public Order notBefore(Duration notBefore) {
            return new Order(
                    dataSource,
                    conversation,
                    participant,
                    role,
                    name,
                    value,
                    notBefore,
                    applyBy,
                    set);
        }

        /// From now, negative for the past.
        public Order applyBy(Duration applyBy) {
            return new Order(
                    dataSource,
                    conversation,
                    participant,
                    role,
                    name,
                    value,
                    notBefore,
                    applyBy,
                    set);
        }

        public Order inSet(long set) {
            return new Order(
                    dataSource,
                    conversation,
                    participant,
                    role,
                    name,
                    value,
                    notBefore,
                    applyBy,
                    set);
        }

        /// @return the new row's id
        public long queue() {
            return JdbcClient.create(dataSource)
                    .sql(
                            """
                            INSERT INTO reconciler.attribute_change
                                   (conversation_id, participant_id, participant_role, attribute_name, attribute_value,
                                    requested_by, not_before, apply_by, change_set_id)
                            VALUES (:conversation, :participant, :role, :name, :value, 'kim',
                                    clock_timestamp() + :notBefore::bigint * interval '1 millisecond',
                                    clock_timestamp() + :applyBy::bigint * interval '1 millisecond', :set)
                            RETURNING id
                            """)
                    .param("conversation", conversation)
                    .param("participant", participant)
                    .param("role", role)
                    .param("name", name)
                    .param("value", value)
                    .param("notBefore", notBefore == null ? null : notBefore.toMillis())
                    .param("applyBy", applyBy == null ? null : applyBy.toMillis())
                    .param("set", set)
                    .query(Long.class)
                    .single();
        }
    }
}
