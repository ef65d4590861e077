package reconciler.audit;

import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.time.Instant;
import java.time.YearMonth;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.databind.json.JsonMapper;

/// A stretch of the record for somebody who has no access to the database: rows, seals, counts, the
/// statements they came from, and a script that recomputes the seals without our code. One
/// snapshot; streamed. Writing one is an event.
public final class EvidencePack {
    private static final JsonMapper JSON =
            JsonMapper.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

    private final JdbcClient jdbc;
    private final AuditTrail trail;
    private final TransactionTemplate snapshot;

    public EvidencePack(DataSource dataSource) {
        jdbc = JdbcClient.create(dataSource);
        trail = new AuditTrail(dataSource);
        snapshot = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
        snapshot.setReadOnly(true);
        snapshot.setIsolationLevel(Connection.TRANSACTION_REPEATABLE_READ);
    }

    /// Where a pack goes, once it is known that there is something to put in.
    public interface Destination {
        /// For a pack under way. Whoever opens it closes it.
        OutputStream open();

        /// The pack is whole.
        void keep();

        /// The pack is not to be had after all; nothing of it stays.
        void discard();
    }

    /// @return the sha-256 of the pack's SHA256SUMS, which the event names
    /// @throws Refused when there is no such run, or it is under way
    public String ofRun(long run, String actor, Destination destination) {
        return write(ranges -> ranges.ofRun(run), actor, destination);
    }

    /// A whole month: the condition for letting go of it.
    ///
    /// @throws Refused when the month is not over and sealed, or nothing was sealed in it
    public String ofMonth(YearMonth month, String actor, Destination destination) {
        return write(ranges -> ranges.ofMonth(month), actor, destination);
    }

    /// @throws Refused when nothing was sealed in that time, or it ends before it begins
    public String between(Instant from, Instant until, String actor, Destination destination) {
        return write(ranges -> ranges.between(from, until), actor, destination);
    }

    private record Written(SealRange range, String manifest) {}

    private String write(
            Function<SealRanges, SealRange> meant, String actor, Destination destination) {
        try {
            Written written =
                    snapshot.execute(_ -> pack(meant.apply(new SealRanges(jdbc)), destination));
            destination.keep();
            // After it: an export that is on record is one that somebody has.
            trail.append(
                    new Event(
                            actor, "exported", written.range().object(), null, written.manifest()));
            return written.manifest();
        } catch (RuntimeException failure) {
            destination.discard();
            throw failure;
        }
    }

    private Written pack(SealRange range, Destination destination) {
        try (var files = new PackedFiles(destination.open())) {
            fill(files, range);
            return new Written(range, files.finish());
        } catch (JacksonIOException failure) {
            throw new UncheckedIOException("the pack cannot be written", failure.getCause());
        }
    }

    private void fill(PackedFiles files, SealRange range) {
        files.addOurs("README.txt");
        files.addOurs("verify.py");
        files.add(
                "SCOPE.txt",
                range.object()
                        + "\n:from = "
                        + range.from()
                        + "\n:until = "
                        + range.until()
                        + "\n");
        for (SealedTable table : SealedTable.values()) {
            files.add("sql/" + table.label() + ".sql", table.query());
            files.add(table.label() + ".jsonl", out -> lines(table, range, out));
        }
        for (PackedQuery query : PackedQuery.values()) {
            files.add("sql/" + query.file() + ".sql", query.query());
            files.add(query.file() + ".csv", out -> new PackedSheet(query, jdbc).write(range, out));
        }
    }

    private void lines(SealedTable table, SealRange range, OutputStream out) {
        try (SealedRows<SealedRow> rows = SealedRows.of(table, jdbc, range.from(), range.until());
                JsonGenerator json = JSON.createGenerator(out)) {
            for (SealedRow row = rows.take(); row != null; row = rows.take()) {
                if (row.sealId() != 0) {
                    line(json, row);
                }
            }
        }
    }

    private static void line(JsonGenerator json, SealedRow row) {
        json.writeStartObject();
        json.writeNumberProperty("seal", row.sealId());
        byte[] leaf = row.leaf();
        json.writeStringProperty("leaf", leaf == null ? null : HexFormat.of().formatHex(leaf));
        json.writeObjectPropertyStart("fields");
        List<String> names = row.table().fields();
        for (int i = 0; i < names.size(); i++) {
            json.writeStringProperty(names.get(i), row.record().text(i));
        }
        json.writeEndObject();
        json.writeEndObject();
        json.writeRaw('\n');
    }
}
