package reconciler.audit;

import java.sql.SQLException;
import java.util.function.Supplier;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;

/// What was asked of the record cannot be done; the message is one sentence that says why.
public final class Refused extends RuntimeException {
    /// Raised by our own functions in the database.
    private static final String STATE = "RA001";

    Refused(String message) {
        super(message);
    }

    /// Runs a statement of ours and tells its refusals.
    public static <T> T telling(Supplier<T> statement) {
        try {
            return statement.get();
        } catch (DataAccessException failure) {
            if (NestedExceptionUtils.getRootCause(failure) instanceof SQLException refusal
                    && STATE.equals(refusal.getSQLState())) {
                String message = String.valueOf(refusal.getMessage());
                throw new Refused(
                        message.lines().findFirst().orElse(message).replaceFirst("^ERROR: ", ""));
            }
            throw failure;
        }
    }
}
