package reconciler.audit;

import java.sql.SQLException;
import java.util.function.Supplier;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;

/// What was asked of the record cannot be done; the message is one sentence that says why.
public final class Refused extends RuntimeException {
    /// Raised by our own functions in the database.
    private static final String STATE = "RA001";

    /// `lock_not_available`: our functions wait two seconds at most.
    private static final String BEING_READ = "55P03";

    Refused(String message) {
        super(message);
    }

    /// Runs a statement of ours and tells its refusals.
    public static <T> T telling(Supplier<T> statement) {
        try {
            return statement.get();
        } catch (DataAccessException failure) {
            if (NestedExceptionUtils.getRootCause(failure) instanceof SQLException refusal) {
                if (STATE.equals(refusal.getSQLState())) {
                    throw new Refused(sentence(String.valueOf(refusal.getMessage())));
                }
                if (BEING_READ.equals(refusal.getSQLState())) {
                    throw new Refused(
                            "the audit is being read (a backup, `audit verify`, an export?), and work would wait behind"
                                    + " what is dropped: try again when that is over");
                }
            }
            throw failure;
        }
    }

    private static String sentence(String message) {
        return message.lines().findFirst().orElse(message).replaceFirst("^ERROR: ", "");
    }
}
