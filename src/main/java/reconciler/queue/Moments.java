package reconciler.queue;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/// Points in time on their way to and from timestamptz columns.
final class Moments {
    /// `-infinity`, as the driver has it.
    static final OffsetDateTime BEFORE_ALL_TIMES = OffsetDateTime.MIN;

    /// What the database calls infinite is in no calendar. These stand for it, since everybody can
    /// read them.
    private static final Instant FIRST = Instant.parse("0001-01-02T00:00:00Z");

    private static final Instant LAST = Instant.parse("9999-12-30T00:00:00Z");

    private Moments() {}

    static OffsetDateTime timestamp(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        return instant(row.getObject(column, OffsetDateTime.class));
    }

    static @Nullable Instant instantOrNull(ResultSet row, String column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : instant(value);
    }

    private static Instant instant(OffsetDateTime value) {
        if (value.equals(OffsetDateTime.MIN)) {
            return FIRST;
        }
        return value.equals(OffsetDateTime.MAX) ? LAST : value.toInstant();
    }
}
