package reconciler.simulator;

/// Who is there from the start, and what becomes of a participant nobody has heard of.
///
/// @param participants how many to make up; the same seed makes the same ones
public record Population(int participants, Strangers strangers) {

    /// REFUSED: 404. ADOPTED: taken in on first sight, with the role its first request declares.
    public enum Strangers {
        REFUSED,
        ADOPTED
    }

    public Population {
        SimulatorSettings.require(participants >= 0, "participants", "must not be negative");
    }
}
