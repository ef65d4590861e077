package reconciler.queue;

import java.time.Duration;
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
