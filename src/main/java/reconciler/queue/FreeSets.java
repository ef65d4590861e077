package reconciler.queue;

import java.sql.Types;
import java.util.List;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/// Change sets that needed nobody's approval when a run began. A row that is committed into one of
/// them later, whatever its id, is not free with it.
///
/// @param rule by which they were judged
/// @param oldestWriter the oldest transaction that was under way before they were judged, as
///   Postgres writes its number: what older ones wrote was there
record FreeSets(Set<Long> ids, ApprovalRule.When rule, String oldestWriter) {
    static final FreeSets NONE =
            new FreeSets(Set.of(), new ApprovalRule.When(null, List.of()), "0");

    /// Of a row `c`: it stands as it did when its set was judged. Where that cannot be told, since
    /// it may have been committed late or only put back, the sets are judged anew, once a
    /// statement.
    static final String FREE =
            """
            c.change_set_id = ANY (:freeSets)
            AND (age(c.xmin) > age(:oldestWriter::xid)
                 OR c.change_set_id = ANY (ARRAY(SELECT reconciler.free_sets(:freeSets, :aboveRows::int, :attributes::text[]))))
            """;

    FreeSets {
        ids = Set.copyOf(ids);
    }

    /// For SQL.
    Long[] numbers() {
        return ids.toArray(Long[]::new);
    }

    /// The parameters of the condition: `freeSets`, `aboveRows`, `attributes` and `oldestWriter`.
    StatementSpec in(StatementSpec statement) {
        return judgedBy(rule, statement)
                .param("freeSets", numbers())
                .param("oldestWriter", oldestWriter);
    }

    /// Those that the judgement itself needs: `aboveRows` and `attributes`.
    static StatementSpec judgedBy(ApprovalRule.When rule, StatementSpec statement) {
        return statement
                .param("aboveRows", rule.aboveRows(), Types.INTEGER)
                .param("attributes", rule.attributes().toArray(String[]::new));
    }
}
