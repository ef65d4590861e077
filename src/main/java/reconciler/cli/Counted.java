package reconciler.cli;

/// Numbers with their noun.
final class Counted {
    private Counted() {}

    /// `1 row`, `2 rows`.
    static String of(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    /// `1 row is`, `2 rows are`.
    static String are(long number, String noun) {
        return of(number, noun) + (number == 1 ? " is" : " are");
    }
}
