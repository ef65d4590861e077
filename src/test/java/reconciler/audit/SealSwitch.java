package reconciler.audit;

import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Takes leaves, evidence, roots and seals out of what stores a chunk, and puts them back, for
/// measurements. The rows are the same.
public final class SealSwitch {
    private final JdbcClient jdbc;
    private final String sealed;

    public SealSwitch(DataSource dataSource) {
        jdbc = JdbcClient.create(dataSource);
        sealed =
                jdbc.sql(
                                "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname = 'append_chunk'")
                        .query(String.class)
                        .single();
        for (String table : List.of("attempt", "outcome")) {
            jdbc.sql("ALTER TABLE audit." + table + " ALTER leaf DROP NOT NULL").update();
        }
    }

    /// The run's end seals the heads of no chunks where there are none.
    public void turn(boolean seals) {
        if (bare().contains("record_send") || bare().contains("append_seal")) {
            throw new IllegalStateException("append_chunk is written otherwise by now");
        }
        jdbc.sql(seals ? sealed : bare()).update();
    }

    private String bare() {
        return sealed.replaceAll(
                        "sha256\\(record_send\\(ROW\\([^;]*?\\)\\)\\)\\s+AS leaf",
                        "NULL::bytea AS leaf")
                .replaceFirst("e\\.hash AS evidence", "NULL::bytea AS evidence")
                .replaceFirst("LEFT JOIN evidence e USING \\(change_id\\)", "")
                .replaceAll("PERFORM audit\\.append_seal[^;]*;", "NULL;");
    }
}
