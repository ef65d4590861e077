package reconciler.database;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What a database holds of the product's schemas, in words: a heading for each schema, sequence,
/// table, view and function, and what there is to say of it. The same on every supported Postgres.
///
/// Left out: Flyway's own table, owners' rights, and the NOT NULL constraints that Postgres 18
/// names.
record Catalogue(DataSource dataSource) {
    private static final String SCHEMAS =
            """
            SELECT '1 schema ' || n.nspname AS heading, '' AS line
              FROM pg_namespace n
             WHERE n.nspname IN ('audit', 'batch', 'reconciler')
            """;

    private static final String SEQUENCES =
            """
            SELECT '2 sequence ' || s.seqrelid::regclass AS heading,
                   format('start %s increment %s cache %s', s.seqstart, s.seqincrement, s.seqcache) AS line
              FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid
             WHERE c.relnamespace IN ('audit'::regnamespace, 'batch'::regnamespace, 'reconciler'::regnamespace)
            """;

    private static final String TABLES =
            """
            SELECT {table} AS heading,
                   concat_ws(', ', CASE c.relpersistence WHEN 'u' THEN 'unlogged' END,
                             'partitioned by ' || pg_get_partkeydef(c.oid),
                             'partition of ' || (SELECT i.inhparent::regclass FROM pg_inherits i WHERE i.inhrelid = c.oid),
                             array_to_string(c.reloptions, ', ')) AS line
              FROM {tables}
            """;

    /// Partitions have their parent's.
    private static final String COLUMNS =
            """
            SELECT {table} AS heading,
                   concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'NOT NULL' END,
                             CASE a.attidentity WHEN 'a' THEN 'GENERATED ALWAYS AS IDENTITY' WHEN 'd' THEN 'GENERATED AS IDENTITY' END,
                             CASE WHEN d.oid IS NOT NULL
                                  THEN CASE a.attgenerated WHEN '' THEN 'DEFAULT ' ELSE 'GENERATED ALWAYS AS ' END
                                       || pg_get_expr(d.adbin, d.adrelid) END,
                             CASE WHEN a.attstorage <> t.typstorage THEN 'STORAGE ' || a.attstorage::text END) AS line
              FROM {tables}
              JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
              JOIN pg_type t ON t.oid = a.atttypid
              LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
             WHERE NOT c.relispartition
             ORDER BY c.oid, a.attnum
            """;

    private static final String CONSTRAINTS =
            """
            SELECT {table} AS heading, 'constraint ' || k.conname || ' ' || pg_get_constraintdef(k.oid) AS line
              FROM {tables} JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype NOT IN ('n', 't')
             WHERE NOT c.relispartition
             ORDER BY k.conname COLLATE "C"
            """;

    private static final String INDEXES =
            """
            SELECT {table} AS heading, regexp_replace(pg_get_indexdef(i.indexrelid), '^CREATE (.*?) ON (ONLY )?\\S+', '\\1') AS line
              FROM {tables} JOIN pg_index i ON i.indrelid = c.oid
             WHERE NOT c.relispartition AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.conrelid = c.oid)
             ORDER BY i.indexrelid::regclass::text COLLATE "C"
            """;

    private static final String TRIGGERS =
            """
            SELECT {table} AS heading,
                   'trigger ' || regexp_replace(pg_get_triggerdef(g.oid), '^CREATE TRIGGER (\\S+) (.*?) ON \\S+', '\\1 \\2')
                   || CASE g.tgenabled WHEN 'O' THEN '' WHEN 'A' THEN ' ALWAYS' ELSE ' ' || g.tgenabled::text END AS line
              FROM {tables} JOIN pg_trigger g ON g.tgrelid = c.oid AND NOT g.tgisinternal
             ORDER BY g.tgname COLLATE "C"
            """;

    /// Postgres 15 writes a query of one table in other words than those after it: there the query
    /// is left out.
    private static final String VIEWS =
            """
            SELECT '4 view ' || c.oid::regclass AS heading,
                   string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum) AS line
              FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
             WHERE c.relkind = 'v'
               AND c.relnamespace IN ('audit'::regnamespace, 'batch'::regnamespace, 'reconciler'::regnamespace)
             GROUP BY c.oid
             UNION ALL
            SELECT '4 view ' || c.oid::regclass,
                   'query ' || left(encode(sha256(convert_to(pg_get_viewdef(c.oid), 'UTF8')), 'hex'), 16)
              FROM pg_class c
             WHERE c.relkind = 'v'
               AND c.relnamespace IN ('audit'::regnamespace, 'batch'::regnamespace, 'reconciler'::regnamespace)
               AND current_setting('server_version_num')::int >= 160000
            """;

    private static final String FUNCTIONS =
            """
            SELECT '5 function ' || p.pronamespace::regnamespace || '.' || p.proname || '(' || pg_get_function_arguments(p.oid) || ')'
                   AS heading,
                   concat_ws(', ', 'returns ' || pg_get_function_result(p.oid), l.lanname,
                             CASE p.provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' ELSE 'volatile' END,
                             CASE WHEN p.prosecdef THEN 'as its owner' END, CASE WHEN p.proisstrict THEN 'strict' END,
                             CASE p.proparallel WHEN 's' THEN 'parallel safe' END, 'cost ' || p.procost,
                             'rows ' || nullif(p.prorows, 0), 'set ' || array_to_string(p.proconfig, ', '),
                             'body ' || left(encode(sha256(convert_to(coalesce(pg_get_function_sqlbody(p.oid), p.prosrc), 'UTF8')),
                                                    'hex'), 16)) AS line
              FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
             WHERE p.pronamespace IN ('audit'::regnamespace, 'batch'::regnamespace, 'reconciler'::regnamespace)
            """;

    private static final String GRANTS =
            """
            WITH held AS (
                SELECT '1 schema ' || n.nspname AS heading, NULL AS part, a.grantee, a.privilege_type
                  FROM pg_namespace n CROSS JOIN LATERAL aclexplode(n.nspacl) AS a
                 WHERE a.grantee <> n.nspowner AND n.nspname IN ('audit', 'batch', 'reconciler')
                 UNION ALL
                SELECT CASE c.relkind WHEN 'S' THEN '2 sequence ' WHEN 'v' THEN '4 view ' ELSE '3 table ' END || c.oid::regclass,
                       NULL, a.grantee, a.privilege_type
                  FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) AS a
                 WHERE a.grantee <> c.relowner
                   AND c.relnamespace IN ('audit'::regnamespace, 'batch'::regnamespace, 'reconciler'::regnamespace)
                 UNION ALL
                SELECT '3 table ' || c.oid::regclass, t.attname, a.grantee, a.privilege_type
                  FROM pg_class c JOIN pg_attribute t ON t.attrelid = c.oid CROSS JOIN LATERAL aclexplode(t.attacl) AS a
                 WHERE a.grantee <> c.relowner
                   AND c.relnamespace IN ('audit'::regnamespace, 'batch'::regnamespace, 'reconciler'::regnamespace)
                 UNION ALL
                SELECT '5 function ' || p.pronamespace::regnamespace || '.' || p.proname || '(' || pg_get_function_arguments(p.oid)
                       || ')',
                       NULL, a.grantee, a.privilege_type
                  FROM pg_proc p CROSS JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS a
                 WHERE a.grantee <> p.proowner
                   AND p.pronamespace IN ('audit'::regnamespace, 'batch'::regnamespace, 'reconciler'::regnamespace)
            ), by_kind AS (
                SELECT heading, coalesce(r.rolname, 'PUBLIC') AS grantee,
                       privilege_type || coalesce(' (' || string_agg(part, ', ' ORDER BY part) || ')', '') AS what
                  FROM held LEFT JOIN pg_roles r ON r.oid = grantee
                 GROUP BY heading, r.rolname, privilege_type, part IS NULL
            )
            SELECT heading, 'grant ' || grantee || ': ' || string_agg(what, ', ' ORDER BY what COLLATE "C") AS line
              FROM by_kind
             WHERE heading NOT LIKE '%flyway_schema_history'
             GROUP BY heading, grantee
             ORDER BY grantee COLLATE "C"
            """;

    private static final List<String> QUERIES =
            Stream.of(
                            SCHEMAS,
                            SEQUENCES,
                            TABLES,
                            COLUMNS,
                            CONSTRAINTS,
                            INDEXES,
                            TRIGGERS,
                            VIEWS,
                            FUNCTIONS,
                            GRANTS)
                    .map(Catalogue::spelled)
                    .toList();

    private static final Pattern MONTH = Pattern.compile("_p\\d{4}_\\d{2}\\b");

    /// Headings in order, each with its lines.
    Map<String, SequencedSet<String>> read() {
        var found = new TreeMap<String, SequencedSet<String>>();
        var jdbc = JdbcClient.create(dataSource);
        for (String query : QUERIES) {
            jdbc.sql(query)
                    .query(row -> {
                        String heading =
                                MONTH.matcher(row.getString("heading")).replaceAll("_pYYYY_MM");
                        SequencedSet<String> lines =
                                found.computeIfAbsent(heading, _ -> new LinkedHashSet<>());
                        if (!row.getString("line").isEmpty()) {
                            lines.add(row.getString("line"));
                        }
                    });
        }
        var inOrder = new LinkedHashMap<String, SequencedSet<String>>();
        found.forEach((heading, lines) -> inOrder.put(heading.substring(2), lines));
        return inOrder;
    }

    private static String spelled(String query) {
        return query.replace("{table}", "'3 table ' || c.oid::regclass")
                .replace(
                        "{tables}",
                        """
                        (SELECT c.oid, c.relpersistence, c.reloptions, c.relispartition
                           FROM pg_class c
                          WHERE c.relkind IN ('r', 'p') AND c.relname <> 'flyway_schema_history'
                            AND c.relnamespace IN ('audit'::regnamespace, 'batch'::regnamespace, 'reconciler'::regnamespace)) AS c
                        """);
    }
}
