package reconciler.patch;

import java.util.random.RandomGenerator;

/// What all turns of a patcher work with.
record Workbench(
        Line line,
        Patches patches,
        Reads reads,
        Parcels parcels,
        ApiContract contract,
        PatchSettings settings,
        DeadlineClock clock,
        RandomGenerator random) {
    Effort effort() {
        return new Effort(settings.policies(), random);
    }
}
