package reconciler.cli;

/// Numbers with their noun.
final class Counted {
    private Counted() {}

    /// `1 row`, `2 rows`.
    static String of(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }
}
