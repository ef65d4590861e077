package reconciler.queue;

/// Ways to read the queue whose cost does not depend on what the planner believes of it.
///
/// The planner guesses how many rows a condition leaves from statistics, which say of a queue what
/// it was like yesterday. What it cannot guess from statistics it takes from constants: a range
/// between two values that it does not know is 0.5 % of the rows, always. So a walk along an index
/// goes between two bounds that come out of `unnest`, behind `OFFSET 0`, where no other join than
/// one look after the other is possible; and with 0.5 % at most no table is worth reading whole
/// instead. A value that is looked for by a name is given as two bounds for the same reason.
final class IndexWalk {
    private static final String COLUMNS =
            """
            a.id, a.xmin, a.bucket, a.conversation_id, a.participant_id, a.participant_role, a.attribute_name, a.requested_by,
            a.change_set_id, a.created_at, a.not_before, a.apply_by, a.priority, a.state, a.next_attempt_at, a.claim,
            a.atomic_group, a.settled_at
            """;

    private static final String BUCKETS =
            """
            (SELECT w.*
               FROM unnest({bounds}) AS buckets (first, last)
              CROSS JOIN LATERAL (SELECT {columns}
                                    FROM reconciler.attribute_change a
                                   WHERE a.state = 'PENDING' AND a.bucket >= buckets.first AND a.bucket <= buckets.last
                                  OFFSET 0) AS w)
            """
                    .replace("{columns}", COLUMNS);

    /// Every pending row, for a FROM.
    static final String PENDING = BUCKETS.replace("{bounds}", "ARRAY[0], ARRAY[1023]");

    /// The pending rows of a partition, whatever their role, for a FROM: of the buckets from
    /// `fromBucket` to before `toBucket`.
    static final String PENDING_OF_PARTITION =
            BUCKETS.replace("{bounds}", "ARRAY[:fromBucket::int], ARRAY[:toBucket::int - 1]");

    /// Every row of a change set `set`, whatever became of it, for a FROM.
    static final String OF_SET =
            """
            (SELECT w.*
               FROM unnest(ARRAY[:set::bigint]) AS sets (number)
              CROSS JOIN LATERAL (SELECT {columns}
                                    FROM reconciler.attribute_change a
                                   WHERE a.change_set_id >= sets.number AND a.change_set_id <= sets.number
                                  OFFSET 0) AS w)
            """
                    .replace("{columns}", COLUMNS);

    /// Every row in flight, of whatever lane, for a FROM.
    static final String IN_FLIGHT =
            """
            (SELECT w.*
               FROM unnest(ARRAY['00000000-0000-0000-0000-000000000000'::uuid], ARRAY['ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid])
                        AS participants (first, last)
              CROSS JOIN LATERAL (SELECT {columns}
                                    FROM reconciler.attribute_change a
                                   WHERE a.state = 'IN_FLIGHT' AND a.participant_id >= participants.first
                                     AND a.participant_id <= participants.last
                                  OFFSET 0) AS w)
            """
                    .replace("{columns}", COLUMNS);

    /// For the SELECT list of the first statement of a transaction that takes so many rows in the
    /// order of an index. Between that and reading everything first and sorting it the planner
    /// chooses by how many rows it expects, and no form of the statement keeps it from that; with
    /// these switched off there is one way left.
    static final String IN_ORDER_ONLY =
            """
            set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true),
            set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
            set_config('enable_mergejoin', 'off', true), set_config('jit', 'off', true)
            """;

    private IndexWalk() {}
}
