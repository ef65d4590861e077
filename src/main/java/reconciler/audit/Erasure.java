package reconciler.audit;

import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Takes a participant's values out of the record. Outcomes and seals stay, and verify as before.
public final class Erasure {
    private static final String ERASE = "SELECT audit.erase(:participant, :actor, :reason)";

    private final JdbcClient jdbc;

    public Erasure(DataSource dataSource) {
        jdbc = JdbcClient.create(dataSource);
    }

    /// @return of how many outcomes the values are gone now
    /// @throws Refused when changes of the participant still wait, or nothing is recorded of them
    public long erase(UUID participant, String actor, String reason) {
        return Refused.telling(() ->
                jdbc.sql(ERASE)
                        .param("participant", participant)
                        .param("actor", actor)
                        .param("reason", reason)
                        .query(Long.class)
                        .single());
    }
}
