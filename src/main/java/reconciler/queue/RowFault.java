package reconciler.queue;

import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.NestedExceptionUtils;
import reconciler.change.AttributeChange;

/// What a row can be to blame for, apart from what is wrong with the database as a whole.
public final class RowFault {
    /// A value, a constraint, a check of a view, a limit.
    private static final List<String> CERTAIN = List.of("22", "23", "44", "54");

    /// Connections, resources, an operator, the server's own errors, passwords, a read-only server,
    /// conflicts of transactions, statements within a transaction that is over.
    private static final List<String> NEVER =
            List.of("08", "25", "28", "3D", "40", "53", "57", "58", "F0", "XX");

    private static final int MOST_LETTERS = 500;

    private RowFault() {}

    /// Whether a row may be the reason. Which one, only trying tells.
    public static boolean isPossible(RuntimeException failure) {
        String state = sqlState(failure);
        return failure instanceof ClaimLost
                || (state != null && NEVER.stream().noneMatch(state::startsWith));
    }

    /// Whether nothing but a row can be the reason. What somebody's trigger says is not certain: it
    /// may say it of every row.
    public static boolean isCertain(RuntimeException failure) {
        String state = sqlState(failure);
        return failure instanceof ClaimLost
                || (state != null && CERTAIN.stream().anyMatch(state::startsWith));
    }

    /// The reason for people: one line, without the value of the change.
    public static String inWords(RuntimeException failure, AttributeChange change) {
        if (failure instanceof ClaimLost) {
            return "somebody changed or removed the row while it was in flight";
        }
        String said =
                String.valueOf(NestedExceptionUtils.getMostSpecificCause(failure).getMessage())
                        .lines()
                        .findFirst()
                        .orElse("no reason given");
        String reason = said.replaceFirst("^ERROR: ", "");
        if (reason.contains("one_outcome_per_change")) {
            return "an outcome of it is on record already";
        }
        String value = change.value();
        String plain = value.length() < 2 ? reason : reason.replace(value, "(value)");
        return "the database refuses it: "
                + (plain.length() > MOST_LETTERS ? plain.substring(0, MOST_LETTERS) : plain);
    }

    private static @Nullable String sqlState(RuntimeException failure) {
        return NestedExceptionUtils.getMostSpecificCause(failure) instanceof SQLException refused
                ? refused.getSQLState()
                : null;
    }
}
