package reconciler.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
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

    private static final String DEMAND_EXPORTED = "SELECT audit.demand_exported(:month)";

    private static final String DROP = "SELECT audit.drop_month(:parent, :month, :actor, :reason)";

    private final JdbcClient jdbc;

    /// A month of one table that was kept for its time.
    private record Expired(String parent, String month, int months) {
        boolean goesOnlyExported() {
            return !parent.equals("value");
        }

        String object() {
            return parent + " of " + month;
        }
    }

    public Retention(DataSource dataSource) {
        jdbc = JdbcClient.create(dataSource);
    }

    /// Drops what is older. Nothing is dropped before everything may go.
    ///
    /// @param outcomes months to keep outcomes, attempts and values
    /// @param values months to keep values, where that is less; null for as long as outcomes
    /// @param dropped told of each month of a table that is gone, for example `value of 2020-03`
    /// @throws Refused when a month was not exported, or only before it was over
    public void retain(
            int outcomes, @Nullable Integer values, String actor, Consumer<String> dropped) {
        List<Expired> expired = new ArrayList<>();
        expired.addAll(expired("value", values == null ? outcomes : Math.min(values, outcomes)));
        expired.addAll(expired("attempt", outcomes));
        expired.addAll(expired("outcome", outcomes));
        expired.stream()
                .filter(Expired::goesOnlyExported)
                .map(Expired::month)
                .distinct()
                .sorted()
                .forEach(this::demandExported);
        for (Expired month : expired) {
            drop(month, actor);
            dropped.accept(month.object());
        }
    }

    private List<Expired> expired(String parent, int months) {
        return jdbc.sql(EXPIRED)
                .param("parent", parent)
                .param("months", months)
                .query((row, _) -> new Expired(parent, row.getString("month"), months))
                .list();
    }

    private void demandExported(String month) {
        try {
            Refused.telling(
                    () -> jdbc.sql(DEMAND_EXPORTED).param("month", month).query().singleRow());
        } catch (Refused refused) {
            throw new Refused(refused.getMessage() + "; nothing was dropped");
        }
    }

    private void drop(Expired expired, String actor) {
        Refused.telling(() ->
                jdbc.sql(DROP)
                        .param("parent", expired.parent())
                        .param("month", expired.month())
                        .param("actor", actor)
                        .param("reason", "kept for " + expired.months() + " months")
                        .query()
                        .singleRow());
    }
}
