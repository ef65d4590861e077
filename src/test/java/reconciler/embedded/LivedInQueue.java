package reconciler.embedded;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.database.Database;
import reconciler.database.DatabaseSettings;
import reconciler.database.Migrations;

/// A queue in its second year on a server of its own: so many settled rows in change sets of 50,000
/// and their outcomes, a settled set that can be undone, and 10,000 rows that wait in two sets.
/// What the planner is told of it can be chosen.
public final class LivedInQueue implements AutoCloseable {
    public static final int PENDING = 10_000;

    /// Rows of the set that can be undone.
    public static final int UNDOABLE = 1_000;

    private static final int IN_A_SET = 50_000;

    private static final int LOADERS = 2;

    /// Everything that a run, a plan or a person's question may read and that grows.
    private static final String[] TABLES = {
        "reconciler.attribute_change",
        "reconciler.change_set",
        "reconciler.plan",
        "reconciler.plan_row",
        "audit.outcome_default",
        "audit.attempt_default",
        "audit.value_default",
        "audit.seal"
    };

    private final EmbeddedPostgres server;
    private final String url;
    private final JdbcClient jdbc;
    private final long settled;
    private final long recorded;
    private final Database loader;

    /// What the planner has been told.
    public enum Statistics {
        /// Taken a moment ago.
        FRESH,
        /// None, as after a restore.
        EMPTY,
        /// Taken when nothing was pending, as after a night's vacuum.
        NOTHING_PENDING,
        /// Taken when everything was pending.
        EVERYTHING_PENDING,
        /// Taken when everything was pending, of one participant in one set.
        ONE_PARTICIPANT
    }

    /// @param settled rows of the queue that are over
    /// @param recorded how many of them have an outcome
    public LivedInQueue(EmbeddedPostgres.Builder builder, long settled, long recorded)
            throws IOException {
        this.settled = settled;
        this.recorded = recorded;
        server =
                builder.setServerConfig("autovacuum", "off")
                        .setServerConfig("fsync", "off")
                        .setServerConfig("full_page_writes", "off")
                        .setServerConfig("synchronous_commit", "off")
                        .setServerConfig("wal_level", "minimal")
                        .setServerConfig("max_wal_senders", "0")
                        .setServerConfig("max_wal_size", "8GB")
                        .setServerConfig("shared_buffers", "384MB")
                        .setServerConfig("maintenance_work_mem", "192MB")
                        .start();
        url = server.getJdbcUrl("postgres", "postgres");
        loader = Database.open(settings(), LOADERS);
        jdbc = JdbcClient.create(loader.dataSource());
        new Migrations(loader.dataSource()).apply();
        load();
    }

    public DatabaseSettings settings() {
        return new DatabaseSettings(url, "postgres", "");
    }

    /// Settings of a database beside it, with nothing in its queue.
    public DatabaseSettings emptyQueue() {
        jdbc.sql("CREATE DATABASE fresh").update();
        var settings = new DatabaseSettings(server.getJdbcUrl("postgres", "fresh"), "postgres", "");
        try (Database fresh = Database.open(settings, 2)) {
            new Migrations(fresh.dataSource()).apply();
        }
        return settings;
    }

    public String version() {
        return jdbc.sql("SHOW server_version").query(String.class).single();
    }

    public long settled() {
        return settled;
    }

    public long recorded() {
        return recorded;
    }

    public long undoableSet() {
        return settled / IN_A_SET + 2;
    }

    /// The two sets that wait; the first one is the smaller number.
    public long firstPendingSet() {
        return undoableSet() + 1;
    }

    /// The id of the first row that waits.
    public long firstPending() {
        return settled + UNDOABLE + 1;
    }

    public JdbcClient jdbc() {
        return jdbc;
    }

    public DataSource dataSource() {
        return loader.dataSource();
    }

    /// Sessions that have planned nothing yet.
    ///
    /// @param plans `auto` or `force_generic_plan`
    public Database sessions(String plans) {
        jdbc.sql("ALTER DATABASE postgres SET plan_cache_mode = " + plans).update();
        return Database.open(settings(), LOADERS);
    }

    private void load() {
        jdbc.sql(
                        """
                        INSERT INTO reconciler.change_set (requested_by, rows_queued)
                        SELECT 'kim', 50000 FROM generate_series(1, :sets)
                        """)
                .param("sets", firstPendingSet() + 1)
                .update();
        fill(
                "reconciler.attribute_change",
                settled,
                """
                INSERT INTO reconciler.attribute_change
                       (conversation_id, participant_id, participant_role, attribute_name, attribute_value, requested_by, id,
                        change_set_id, state, attempts, settled_at)
                OVERRIDING SYSTEM VALUE
                SELECT md5('c' || n / 4)::uuid, md5('p' || n / 2)::uuid, CASE WHEN n %% 10 = 0 THEN 'agent' ELSE 'contact' END,
                       CASE WHEN n %% 2 = 0 THEN 'customer.tier' ELSE 'wrap.note' END, 'v', 'kim', n, 1 + n / 50000,
                       CASE n %% 5000 WHEN 1 THEN 'FAILED' WHEN 2 THEN 'CANCELLED' ELSE 'APPLIED' END, 1,
                       now() - interval '1 day'
                  FROM generate_series(%d::bigint, %d::bigint) AS n
                """);
        fill(
                "audit.outcome_default",
                recorded,
                """
                INSERT INTO audit.outcome_default
                       (outcome_id, seal_id, change_id, change_set_id, run_id, conversation_id, participant_id, participant_role,
                        attribute_name, requested_commit, status, confirmed_by, http_status, attempts, in_doubt, requested_by,
                        occurred_at, leaf)
                SELECT n, n / 200, n, 1 + n / 50000, 1 + n / 50000, md5('c' || n / 4)::uuid, md5('p' || n / 2)::uuid,
                       CASE WHEN n %% 10 = 0 THEN 'agent' ELSE 'contact' END,
                       CASE WHEN n %% 2 = 0 THEN 'customer.tier' ELSE 'wrap.note' END, sha256('x'),
                       CASE n %% 5000 WHEN 1 THEN 'FAILED' WHEN 2 THEN 'CANCELLED' ELSE 'APPLIED' END,
                       CASE WHEN n %% 5000 NOT IN (1, 2) THEN 'answer' END, 200, 1, false, 'kim',
                       timestamptz '1999-06-01Z' + n * interval '1 second', sha256('x')
                  FROM generate_series(%d::bigint, %d::bigint) AS n
                """);
        fill(
                "audit.attempt_default",
                recorded / 10,
                """
                INSERT INTO audit.attempt_default
                       (attempt_id, seal_id, run_id, claim, change_ids, conversation_id, participant_id, purpose, method, path,
                        started_at, took_micros, http_status, recorded_at, leaf)
                SELECT n, n / 200, 1 + n / 5000, n / 200, ARRAY[n], md5('c' || n / 4)::uuid, md5('p' || n / 2)::uuid, 'PATCH',
                       'PATCH', '/api/v2/conversations/web/c/participants/p', timestamptz '1999-06-01Z', 40000, 200,
                       timestamptz '1999-06-01Z' + n * interval '1 second', sha256('x')
                  FROM generate_series(%d::bigint, %d::bigint) AS n
                """);
        jdbc.sql(
                        """
                        INSERT INTO audit.run (job, trigger, started_by, host, version, job_file_sha256, job_file, api, contract,
                                               epoch, planned, horizon, approval_rule)
                        SELECT 'nightly', 'manual', 'kim', 'h', 'v', '', 'job: nightly', 'a', 'web', n, 1, 1, 'none'
                          FROM generate_series(1, 20) AS n
                        """)
                .update();
        undoable();
        pending();
        approve();
        jdbc.sql("VACUUM ANALYZE").update();
    }

    /// Without what a row costs one by one: its triggers, its indexes, its log.
    private void fill(String table, long rows, String insert) {
        List<String> indexes =
                jdbc.sql(
                                """
                                SELECT replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ') FROM pg_index i
                                 WHERE i.indrelid = :table::regclass AND NOT i.indisprimary
                                """)
                        .param("table", table)
                        .query(String.class)
                        .list();
        boolean isPartition = table.startsWith("audit.");
        if (isPartition) {
            jdbc.sql(
                            "ALTER TABLE %s DETACH PARTITION %s"
                                    .formatted(table.replace("_default", ""), table))
                    .update();
        }
        jdbc.sql("ALTER TABLE " + table + " DISABLE TRIGGER USER").update();
        jdbc.sql(
                        """
                        SELECT format('DROP INDEX %s', i.indexrelid::regclass) FROM pg_index i
                         WHERE i.indrelid = :table::regclass AND NOT i.indisprimary
                        """)
                .param("table", table)
                .query(String.class)
                .list()
                .forEach(drop -> jdbc.sql(drop).update());
        jdbc.sql("ALTER TABLE " + table + " SET UNLOGGED").update();
        List<Callable<Object>> shares = new ArrayList<>();
        for (int i = 0; i < LOADERS; i++) {
            String share = insert.formatted(1 + rows * i / LOADERS, rows * (i + 1) / LOADERS);
            shares.add(() -> execute(share));
        }
        inParallel(shares);
        inParallel(indexes.stream().<Callable<Object>>map(index -> () -> execute(index)).toList());
        jdbc.sql("ALTER TABLE " + table + " ENABLE TRIGGER USER").update();
        if (isPartition) {
            jdbc.sql(
                            "ALTER TABLE %s ATTACH PARTITION %s DEFAULT"
                                    .formatted(table.replace("_default", ""), table))
                    .update();
        }
    }

    private Object execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, "postgres", "");
                Statement statement = connection.createStatement()) {
            return statement.execute(sql);
        }
    }

    private static void inParallel(List<Callable<Object>> work) {
        try (var threads = Executors.newFixedThreadPool(LOADERS)) {
            for (Future<Object> done : threads.invokeAll(work)) {
                done.get();
            }
        } catch (InterruptedException | ExecutionException failure) {
            throw new IllegalStateException("loading a queue", failure);
        }
    }

    private void undoable() {
        jdbc.sql(
                        """
                        INSERT INTO reconciler.attribute_change
                               (conversation_id, participant_id, participant_role, attribute_name, attribute_value, requested_by, id,
                                change_set_id, state, attempts, settled_at)
                        OVERRIDING SYSTEM VALUE
                        SELECT md5('uc' || n)::uuid, md5('up' || n)::uuid, 'contact', 'customer.tier', 'v', 'kim', :first + n, :set,
                               'APPLIED', 1, now()
                          FROM generate_series(0, :rows - 1) AS n
                        """)
                .param("first", settled + 1)
                .param("set", undoableSet())
                .param("rows", UNDOABLE)
                .update();
        jdbc.sql(
                        """
                        WITH outcome AS (
                            INSERT INTO audit.outcome
                                   (outcome_id, seal_id, change_id, change_set_id, run_id, conversation_id, participant_id,
                                    participant_role, attribute_name, before_commit, requested_commit, status, confirmed_by,
                                    attempts, in_doubt, requested_by, occurred_at, leaf)
                            SELECT c.id, 0, c.id, c.change_set_id, 1, c.conversation_id, c.participant_id, c.participant_role,
                                   c.attribute_name, sha256('x'), sha256('x'), 'APPLIED', 'answer', 1, false, 'kim',
                                   timestamptz '1998-01-01Z', sha256('x')
                              FROM reconciler.attribute_change c
                             WHERE c.change_set_id = :set
                            RETURNING outcome_id, occurred_at
                        )
                        INSERT INTO audit.value (outcome_id, seal_id, before_salt, before_value, requested_salt, requested_value,
                                                 occurred_at)
                        SELECT o.outcome_id, 0, '', 'old', '', 'v', o.occurred_at FROM outcome o
                        """)
                .param("set", undoableSet())
                .update();
    }

    /// The first set's, by a plan of all of its rows.
    private void approve() {
        jdbc.sql(
                        """
                        WITH plan AS (
                            INSERT INTO reconciler.plan (valid_until, made_by, change_set_id, job, job_file_sha256, api, as_of,
                                                         horizon, sha256)
                            SELECT now() + interval '1 day', 'kim', :set, 'nightly', '', '', now(), max(id), repeat('0', 64)
                              FROM reconciler.attribute_change
                            RETURNING id, sha256
                        ), rows AS (
                            INSERT INTO reconciler.plan_row (plan_id, change_id, conversation_no, finding)
                            SELECT p.id, c.id, c.id - :first, 'CHANGE'
                              FROM plan p, reconciler.attribute_change c WHERE c.change_set_id = :set
                        )
                        UPDATE reconciler.change_set s
                           SET approved_by = 'ann', approved_at = clock_timestamp(), approved_plan = p.id,
                               approved_sha256 = p.sha256, approved_until = now() + interval '1 day'
                          FROM plan p WHERE s.id = :set
                        """)
                .param("set", firstPendingSet())
                .param("first", firstPending())
                .update();
    }

    private void pending() {
        jdbc.sql(
                        "SELECT setval(pg_get_serial_sequence('reconciler.attribute_change', 'id'), :last)")
                .param("last", firstPending() - 1)
                .query()
                .singleRow();
        jdbc.sql(
                        """
                        INSERT INTO reconciler.attribute_change
                               (conversation_id, participant_id, participant_role, attribute_name, attribute_value, requested_by,
                                change_set_id, apply_by)
                        SELECT md5('qc' || n / 2)::uuid, md5('qp' || n / 2)::uuid, 'contact',
                               CASE WHEN n % 2 = 0 OR n % 100 = 1 THEN 'customer.tier' ELSE 'wrap.note' END, 'v2', 'kim',
                               :set + n / (:rows / 2), CASE WHEN n % 100 = 50 THEN now() + interval '1 day' END
                          FROM generate_series(0, :rows - 1) AS n
                        """)
                .param("set", firstPendingSet())
                .param("rows", PENDING)
                .update();
    }

    /// Makes the planner believe it, and takes away what earlier work has left.
    public void tell(Statistics statistics) {
        jdbc.sql(
                        "VACUUM (INDEX_CLEANUP on) reconciler.attribute_change, reconciler.plan_row, reconciler.intent")
                .update();
        switch (statistics) {
            case FRESH -> jdbc.sql("ANALYZE").update();
            case EMPTY -> forget();
            case NOTHING_PENDING -> {
                jdbc.sql("ANALYZE").update();
                believe("md5('p' || n)::uuid", "1 + n / 50", "'APPLIED'");
            }
            case EVERYTHING_PENDING -> {
                jdbc.sql("ANALYZE").update();
                believe("md5('p' || n)::uuid", "1 + n / 50", "'PENDING'");
            }
            case ONE_PARTICIPANT -> {
                jdbc.sql("ANALYZE").update();
                believe("md5('p')::uuid", "1", "'PENDING'");
            }
        }
    }

    private void forget() {
        jdbc.sql(
                        """
                        DELETE FROM pg_statistic WHERE starelid = ANY (:tables::text[]::regclass[])
                        """)
                .param("tables", TABLES)
                .update();
        jdbc.sql(
                        """
                        UPDATE pg_class SET reltuples = -1, relpages = 0, relallvisible = 0
                         WHERE oid = ANY (:tables::text[]::regclass[])
                        """)
                .param("tables", TABLES)
                .update();
        jdbc.sql(
                        """
                        UPDATE pg_class SET reltuples = 0, relpages = 0
                         WHERE oid IN (SELECT i.indexrelid FROM pg_index i WHERE i.indrelid = ANY (:tables::text[]::regclass[]))
                        """)
                .param("tables", TABLES)
                .update();
    }

    /// Gives the queue the statistics of a small one in which every row is so, and the record those
    /// of what such a queue leaves.
    private void believe(String participant, String set, String state) {
        String sample =
                """
                SELECT %1$s AS conversation_id, %1$s AS participant_id, 'contact' AS participant_role,
                       'customer.tier' AS attribute_name, 'v' AS attribute_value, 'kim' AS requested_by, n AS id,
                       %2$s AS change_set_id, %3$s AS state,
                       (uuid_hash_extended(%1$s, 0) & 1023)::smallint AS bucket
                  FROM generate_series(1::bigint, 5000) AS n
                """
                        .formatted(participant, set, state);
        take(
                "reconciler.attribute_change",
                """
                INSERT INTO public.sample (conversation_id, participant_id, participant_role, attribute_name, attribute_value,
                                    requested_by, id, change_set_id, state, settled_at, apply_by)
                OVERRIDING SYSTEM VALUE
                SELECT conversation_id, participant_id, participant_role, attribute_name, attribute_value, requested_by, id,
                       change_set_id, state, CASE WHEN state <> 'PENDING' THEN now() END, now()
                  FROM (%s) AS s
                """
                        .formatted(sample));
        take(
                "audit.outcome_default",
                """
                INSERT INTO public.sample (outcome_id, seal_id, change_id, change_set_id, run_id, conversation_id, participant_id,
                                    participant_role, attribute_name, requested_commit, status, attempts, in_doubt, requested_by,
                                    occurred_at, leaf)
                SELECT id, id / 200, id, change_set_id, change_set_id, conversation_id, participant_id, participant_role,
                       attribute_name, '\\x00', 'FAILED', 1, false, requested_by, now(), '\\x00'
                  FROM (%s) AS s
                """
                        .formatted(sample));
    }

    private void take(String table, String fill) {
        jdbc.sql("DROP TABLE IF EXISTS public.sample").update();
        jdbc.sql(
                        "CREATE UNLOGGED TABLE public.sample (LIKE "
                                + table
                                + " INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING IDENTITY)")
                .update();
        jdbc.sql(fill).update();
        jdbc.sql("ANALYZE public.sample").update();
        String columns =
                jdbc.sql(
                                """
                                SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute
                                 WHERE attrelid = 'pg_statistic'::regclass AND attnum > 0 AND attname <> 'starelid'
                                """)
                        .query(String.class)
                        .single();
        jdbc.sql("DELETE FROM pg_statistic WHERE starelid = :table::regclass")
                .param("table", table)
                .update();
        // A partition's columns may stand in another order than those of its twin: by name.
        jdbc.sql(
                        """
                        INSERT INTO pg_statistic (starelid, %s)
                        SELECT :table::regclass, %s FROM pg_statistic WHERE starelid = 'public.sample'::regclass
                        """
                                .formatted(columns, columns))
                .param("table", table)
                .update();
    }

    /// Blocks of the product's tables that were read so far, from memory or not; what the sessions
    /// of this pool have done counts at once.
    public long blocks(Database sessions) {
        try (Connection one = sessions.dataSource().getConnection();
                Connection other = sessions.dataSource().getConnection()) {
            flush(one);
            flush(other);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
        return jdbc.sql(
                        """
                        SELECT sum(coalesce(heap_blks_read, 0) + coalesce(heap_blks_hit, 0) + coalesce(idx_blks_read, 0)
                                   + coalesce(idx_blks_hit, 0) + coalesce(toast_blks_read, 0) + coalesce(toast_blks_hit, 0))
                          FROM pg_statio_user_tables WHERE schemaname IN ('reconciler', 'audit')
                        """)
                .query(Long.class)
                .single();
    }

    /// The server keeps its counts for a second otherwise.
    private static void flush(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_stat_force_next_flush()");
            statement.execute("SELECT 1");
        }
    }

    @Override
    public void close() {
        loader.close();
        try {
            server.close();
        } catch (IOException failure) {
            throw new IllegalStateException("a server did not stop", failure);
        }
    }
}
