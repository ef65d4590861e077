package reconciler.cli;

import java.util.Map;

/// What standard output can show.
///
/// @param columns its width; [#UNLIMITED] for files and pipes
/// @param symbols whether status words get a symbol: somebody looks at it
/// @param colour whether they are in colour too
record Screen(int columns, boolean symbols, boolean colour) {
    static final int UNLIMITED = 0;
    static final Screen PLAIN = new Screen(UNLIMITED, false, false);

    /// A narrower one is taken for a mistake.
    private static final int NARROWEST = 40;

    /// `--color`
    enum Colour {
        AUTO,
        ALWAYS,
        NEVER
    }

    /// @param environment with `NO_COLOR`, `TERM` and `COLUMNS`; the launcher sets the last one
    static Screen of(Map<String, String> environment, boolean interactive) {
        if (!interactive) {
            return PLAIN;
        }
        boolean colour =
                environment.getOrDefault("NO_COLOR", "").isEmpty()
                        && !"dumb".equals(environment.get("TERM"));
        return new Screen(columns(environment.getOrDefault("COLUMNS", "")), true, colour);
    }

    Screen in(Colour when) {
        return switch (when) {
            case AUTO -> this;
            case ALWAYS -> new Screen(columns, true, true);
            case NEVER -> new Screen(columns, symbols, false);
        };
    }

    private static int columns(String text) {
        int columns = text.matches("\\d{1,4}") ? Integer.parseInt(text) : UNLIMITED;
        return columns < NARROWEST ? UNLIMITED : columns;
    }
}
