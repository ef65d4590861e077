package reconciler.plan;

import java.util.Set;
import javax.sql.DataSource;
import reconciler.queue.DueChanges;
import reconciler.queue.Scope;
import reconciler.run.JobFile;
import reconciler.run.RunRequest.PlanToApply;

/// Whether a plan may be applied as it stands.
public final class PlansToApply {
    private final Plans plans;
    private final DueChanges due;

    public PlansToApply(DataSource dataSource) {
        plans = new Plans(dataSource);
        due = new DueChanges(dataSource);
    }

    /// A plan that was begun and not finished may be applied again: its settled rows are settled.
    ///
    /// @throws Refusal when it has expired, is done, was voided, is a sample, or waits for approval
    public PlanToApply demand(long id, JobFile job) {
        Plan plan = plans.find(id);
        if (plan == null) {
            throw new Refusal(
                    "there is no plan " + Plan.name(id) + ": `reconciler plan` makes one");
        }
        demandFitting(plan, job);
        if (plans.pending(id) == 0) {
            throw new Refusal(
                    "plan "
                            + plan.name()
                            + " is done, nothing of it is pending any more: what is new needs a plan of its own, "
                            + plan.command());
        }
        if (!plans.isWhole(id)) {
            throw new Refusal(
                    "plan "
                            + plan.name()
                            + " is not what it was when it was made: make a new one with "
                            + plan.command());
        }
        demandApproved(plan, job);
        return new PlanToApply(id, plan.sha256());
    }

    private void demandFitting(Plan plan, JobFile job) {
        if (plan.sample() != null) {
            throw new Refusal(
                    "plan "
                            + plan.name()
                            + " is a sample and cannot be applied: plan everything with "
                            + plan.command()
                            + ", without --sample");
        }
        if (plan.voidedBecause() != null) {
            throw new Refusal(
                    "plan "
                            + plan.name()
                            + " does not hold any more ("
                            + plan.voidedBecause()
                            + "): make a new one with "
                            + plan.command());
        }
        if (plan.expired()) {
            throw new Refusal(
                    "plan "
                            + plan.name()
                            + " expired at "
                            + plan.validUntil()
                            + ": make a new one with "
                            + plan.command());
        }
        if (!plan.job().equals(job.job())) {
            throw new Refusal(
                    "plan "
                            + plan.name()
                            + " was made by the rules of job "
                            + plan.job()
                            + ": `reconciler run "
                            + plan.job()
                            + " --plan "
                            + plan.name()
                            + "` applies it");
        }
        if (plan.set() != null && plans.isOutgrown(plan.id())) {
            throw new Refusal(
                    "rows were added to change set "
                            + plan.set()
                            + " after plan "
                            + plan.name()
                            + ": make a new one with "
                            + plan.command());
        }
    }

    private void demandApproved(Plan plan, JobFile job) {
        Scope scope =
                due.scopeNow(Set.copyOf(job.select().roles()), job.select().approval())
                        .within(plan.id());
        if (scope.approvedOnly() && due.byRole(scope).isEmpty()) {
            throw new Refusal(
                    "job "
                            + job.job()
                            + " asks for an approval of "
                            + plan.subject()
                            + ", and no approval of it is valid: another person than its requester runs `reconciler approve "
                            + (plan.set() == null ? "SET" : plan.set())
                            + "`");
        }
    }
}
