package reconciler.simulator;

import java.util.List;
import java.util.Map;

/// What a contract makes of a body.
sealed interface Verdict {

    record Accepted(Map<String, String> attributes) implements Verdict {}

    record Refused(int status, String code, String message, List<Problem> problems)
            implements Verdict {}

    static Verdict of(int status, String code, String message) {
        return new Refused(status, code, message, List.of());
    }
}
