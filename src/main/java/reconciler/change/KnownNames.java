package reconciler.change;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A closed set of names that somebody writes by hand, and the likeliest one meant by a name
/// outside of it.
public record KnownNames(List<String> names) {
    public KnownNames {
        names = List.copyOf(names);
    }

    public static KnownNames of(String... names) {
        return new KnownNames(List.of(names));
    }

    public boolean contains(String name) {
        return names.contains(name);
    }

    /// The known name that is at most a third of its letters away.
    public Optional<String> nearest(String unknown) {
        String best = null;
        int least = Integer.MAX_VALUE;
        for (String name : names) {
            int distance = distance(canonical(name), canonical(unknown));
            if (distance < least) {
                best = name;
                least = distance;
            }
        }
        return best == null || least > Math.max(1, best.length() / 3)
                ? Optional.empty()
                : Optional.of(best);
    }

    /// The end of a message that refuses `unknown`: the nearest name, or all of them.
    public String hint(String unknown) {
        return nearest(unknown)
                .map(name -> ", did you mean \"" + name + "\"?")
                .orElseGet(() -> "; known are " + String.join(", ", names));
    }

    private static String canonical(String name) {
        return name.strip().toLowerCase(Locale.ROOT).replace('_', '-').replace(' ', '-');
    }

    /// Levenshtein: insertions, deletions and replacements.
    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[other.length()];
    }
}
