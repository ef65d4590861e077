package reconciler.simulator;

import java.time.Duration;

/// The points on which nobody has published what the real API does.
///
/// @param visibility how long after its answer a write shows in a read
public record Behaviour(
        UnknownFields unknownFields,
        ErrorList errorList,
        RateHeaders rateHeaders,
        Ended ended,
        Merge merge,
        Scalars scalars,
        Duration visibility) {

    /// A field the schema does not have: a 400 naming it, or not looked at.
    public enum UnknownFields {
        REFUSED,
        IGNORED
    }

    /// Whether `errors` and `details` of a 400 say what was wrong.
    public enum ErrorList {
        FILLED,
        EMPTY
    }

    public enum RateHeaders {
        SENT,
        ABSENT
    }

    /// A write to an ended conversation. LOST: answered like any other, and nothing happens.
    public enum Ended {
        LOST,
        NOT_FOUND,
        CONFLICT
    }

    /// BY_KEY keeps what the request does not name; REPLACE drops it.
    public enum Merge {
        BY_KEY,
        REPLACE
    }

    /// A number or boolean as a value: made a string, or a 400 naming its attribute.
    public enum Scalars {
        COERCED,
        REFUSED
    }

    public Behaviour {
        SimulatorSettings.require(!visibility.isNegative(), "visibility", "must not be negative");
    }
}
