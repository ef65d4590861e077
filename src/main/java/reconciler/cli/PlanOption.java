package reconciler.cli;

import reconciler.plan.Plan;
import reconciler.run.ExitCode;

/// `--plan`: the name of a plan, such as p_12.
final class PlanOption {
    private PlanOption() {}

    static long parse(String text) {
        Long id = Plan.parse(text);
        if (id == null) {
            throw new CommandFailed(
                    ExitCode.USAGE, "--plan is the name of a plan, such as p_12, not " + text);
        }
        return id;
    }
}
