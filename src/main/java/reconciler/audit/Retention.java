package reconciler.audit;

import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Lets go of whole months that are old enough. Outcomes and attempts only once exported; values
/// may go earlier. Every month dropped is an event, and the rest verifies as before.
public final class Retention {
    /// By the database's clock. A month is as old as its end.
    private static final String EXPIRED =
            """
            SELECT replace(right(c.relname, 7), '_', '-') AS month
              FROM pg_inherits i
              JOIN pg_class c ON c.oid = i.inhrelid
             WHERE i.inhparent = ('audit.' || :parent)::regclass
               AND c.relname ~ '_p[0-9]{4}_[0-9]{2}$'
               AND to_date(right(c.relname, 7), 'YYYY_MM') + make_interval(months => :months + 1) <= now()
             ORDER BY 1
            """;

    private static final String DROP = "SELECT audit.drop_month(:parent, :month, :actor, :reason)";

    private final JdbcClient jdbc;

    public Retention(DataSource dataSource) {
        jdbc = JdbcClient.create(dataSource);
    }

    /// Drops what is older.
    ///
    /// @param outcomes months to keep outcomes, attempts and values
    /// @param values months to keep values, where that is less; null for as long as outcomes
    /// @return what was dropped, for example `value of 2026-03`
    /// @throws Refused at the first month that was not exported; those before it are gone
    public List<String> retain(int outcomes, @Nullable Integer values, String actor) {
        List<String> dropped = new ArrayList<>();
        int valueMonths = values == null ? outcomes : Math.min(values, outcomes);
        drop("value", valueMonths, actor, dropped);
        drop("attempt", outcomes, actor, dropped);
        drop("outcome", outcomes, actor, dropped);
        return dropped;
    }

    private void drop(String parent, int months, String actor, List<String> dropped) {
        List<String> expired =
                jdbc.sql(EXPIRED)
                        .param("parent", parent)
                        .param("months", months)
                        .query((row, _) -> row.getString("month"))
                        .list();
        for (String month : expired) {
            Refused.telling(() ->
                    jdbc.sql(DROP)
                            .param("parent", parent)
                            .param("month", month)
                            .param("actor", actor)
                            .param("reason", "kept for " + months + " months")
                            .query()
                            .singleRow());
            dropped.add(parent + " of " + month);
        }
    }
}
