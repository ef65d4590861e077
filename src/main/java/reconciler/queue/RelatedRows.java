package reconciler.queue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What has to come along when rows are taken: the rest of their atomic groups, and the older rows
/// of the same attributes. Looked up key by key, each by one walk along the index of pending rows.
///
/// @param others from [#among]
record RelatedRows(JdbcClient jdbc, String others) {
    /// A page may end within an atomic group. What it leaves is due as the rest is: see
    /// refuse_unfit_changes(). Set and group are compared, not looked up.
    private static final String REST_OF_GROUPS =
            """
            SELECT {columns}
              FROM unnest(:buckets::int[], :conversations::uuid[], :participants::uuid[], :sets::bigint[], :groups::bigint[])
                       AS g (bucket, conversation_id, participant_id, change_set_id, atomic_group)
             CROSS JOIN LATERAL (
                   SELECT {columns}
                     FROM reconciler.attribute_change c
                    WHERE c.state = 'PENDING'
                      AND c.bucket = g.bucket AND c.participant_id = g.participant_id
                      AND c.conversation_id = g.conversation_id
                      AND c.change_set_id + 0 = g.change_set_id AND c.atomic_group + 0 = g.atomic_group
                   OFFSET 0) AS c
             WHERE c.id <> ALL (:taken)
            """
                    .replace("{columns}", Candidate.COLUMNS);

    /// The other pending rows of the same attributes, under whatever role, due or not; what is set
    /// aside does not come along.
    private static final String OF_THE_SAME_ATTRIBUTES =
            """
            SELECT k.number, c.id, coalesce({newest}, false) AS may_win
              FROM unnest(:conversations::uuid[], :participants::uuid[], :names::text[])
                       WITH ORDINALITY AS k (conversation_id, participant_id, attribute_name, number)
             CROSS JOIN LATERAL reconciler.waiting_for(k.conversation_id, k.participant_id, k.attribute_name) AS c
             WHERE c.id <> ALL (:taken) AND {not itself}
            """
                    .replace("{not itself}", SetAsides.NOT_ITSELF);

    /// @param newest which rows of an attribute may win
    static String among(String newest) {
        return DueRows.in(OF_THE_SAME_ATTRIBUTES.replace("{newest}", newest));
    }

    /// A row that is to be taken.
    ///
    /// @param supersededBy the newest change to the same attribute, where there is one
    record Taken(long id, @Nullable Long supersededBy) {}

    /// The rows themselves and all that comes along.
    ///
    /// @param page due, and at least one
    List<Taken> with(List<Candidate> page, Scope scope, Map<String, Object> parameters) {
        List<Candidate> whole = new ArrayList<>(page);
        whole.addAll(restOfGroups(page));
        Map<Candidate.Key, Long> newestOf = new HashMap<>();
        whole.forEach(row -> newestOf.merge(row.key(), row.id(), Math::max));
        List<Candidate.Key> keys = List.copyOf(newestOf.keySet());
        List<Other> rivals = rivals(keys, ids(whole), scope, parameters);
        rivals.stream()
                .filter(Other::mayWin)
                .forEach(other -> newestOf.merge(other.key(), other.id(), Math::max));
        return Stream.concat(
                        whole.stream().map(row -> taken(row.id(), newest(newestOf, row.key()))),
                        rivals.stream()
                                .filter(other -> other.id() < newest(newestOf, other.key()))
                                .map(other -> taken(other.id(), newest(newestOf, other.key()))))
                .toList();
    }

    private static long newest(Map<Candidate.Key, Long> newestOf, Candidate.Key key) {
        return Objects.requireNonNull(newestOf.get(key));
    }

    private static Taken taken(long id, long newest) {
        return new Taken(id, newest == id ? null : newest);
    }

    private List<Candidate> restOfGroups(List<Candidate> page) {
        Set<Candidate.Group> groups = new LinkedHashSet<>();
        for (Candidate row : page) {
            Candidate.Group group = row.group();
            if (group != null) {
                groups.add(group);
            }
        }
        if (groups.isEmpty()) {
            return List.of();
        }
        return jdbc.sql(REST_OF_GROUPS)
                .param("buckets", column(groups, Candidate.Group::bucket, Integer[]::new))
                .param(
                        "conversations",
                        column(groups, group -> group.conversation().toString(), String[]::new))
                .param(
                        "participants",
                        column(groups, group -> group.participant().toString(), String[]::new))
                .param("sets", column(groups, Candidate.Group::set, Long[]::new))
                .param("groups", column(groups, Candidate.Group::number, Long[]::new))
                .param("taken", ids(page))
                .query((row, _) -> Candidate.of(row))
                .list();
    }

    private record Other(Candidate.Key key, long id, boolean mayWin) {}

    private List<Other> rivals(
            List<Candidate.Key> keys, Long[] taken, Scope scope, Map<String, Object> parameters) {
        return DueRows.of(scope, jdbc.sql(others))
                .params(parameters)
                .param(
                        "conversations",
                        column(keys, key -> key.conversation().toString(), String[]::new))
                .param(
                        "participants",
                        column(keys, key -> key.participant().toString(), String[]::new))
                .param("names", column(keys, Candidate.Key::attribute, String[]::new))
                .param("taken", taken)
                .query((row, _) ->
                        new Other(
                                keys.get(row.getInt("number") - 1),
                                row.getLong("id"),
                                row.getBoolean("may_win")))
                .list();
    }

    private static Long[] ids(Collection<Candidate> rows) {
        return column(rows, Candidate::id, Long[]::new);
    }

    private static <R, T> T[] column(
            Collection<R> rows, Function<R, T> value, IntFunction<T[]> array) {
        return rows.stream().map(value).toArray(array);
    }
}
