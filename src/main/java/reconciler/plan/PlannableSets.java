package reconciler.plan;

import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.queue.DueRows;

/// Questions about one change set.
final class PlannableSets {
    private static final String STATES =
            DueRows.in(
                    """
                    SELECT count(*) AS rows,
                           count(*) FILTER (WHERE c.state IN ('PENDING', 'IN_FLIGHT')) AS waiting,
                           count(*) FILTER (WHERE c.state = 'CANCELLED') AS cancelled,
                           EXISTS (SELECT FROM reconciler.change_set s WHERE s.id = :set) AS there
                      FROM {of_set} AS c
                    """);

    private final JdbcClient jdbc;

    PlannableSets(DataSource dataSource) {
        jdbc = JdbcClient.create(dataSource);
    }

    private record States(long rows, long waiting, long cancelled, boolean there) {}

    /// @throws Refusal when the set is not there, or nothing of it waits
    void demandPending(long set) {
        States states = demandThere(set);
        if (states.waiting() == 0) {
            throw new Refusal(
                    "nothing of change set "
                            + set
                            + " is pending: "
                            + (states.cancelled() == states.rows()
                                    ? "it was cancelled; queue it anew if it is wanted after all"
                                    : "it is done; `reconciler outcomes --set "
                                            + set
                                            + "` tells how, `reconciler verify "
                                            + set
                                            + "` whether it is still so"));
        }
    }

    /// @throws Refusal when the set is not there, or something of it waits
    void demandSettled(long set) {
        States states = demandThere(set);
        if (states.waiting() > 0) {
            throw new Refusal(
                    "change set "
                            + set
                            + " has "
                            + states.waiting()
                            + (states.waiting() == 1 ? " row" : " rows")
                            + " that would still be applied: `reconciler cancel "
                            + set
                            + "` or a run settles them, then undo it");
        }
    }

    /// @throws Refusal when there is no such set
    void demandExisting(long set) {
        demandThere(set);
    }

    private States demandThere(long set) {
        States states =
                jdbc.sql(STATES)
                        .param("set", set)
                        .query((row, _) ->
                                new States(
                                        row.getLong("rows"),
                                        row.getLong("waiting"),
                                        row.getLong("cancelled"),
                                        row.getBoolean("there")))
                        .single();
        if (!states.there()) {
            throw new Refusal("there is no change set " + set + "; `reconciler sets` lists them");
        }
        return states;
    }
}
