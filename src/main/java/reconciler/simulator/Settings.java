package reconciler.simulator;

/// What all settings records demand of their values.
final class Settings {

    private Settings() {}

    static void require(boolean holds, String key, String demand) {
        if (!holds) {
            throw new IllegalArgumentException("simulator: " + key + " " + demand);
        }
    }
}
