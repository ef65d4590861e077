package reconciler.plan;

/// Whoever is logged in to the database may not decide about change sets.
public final class NotAnApprover extends RuntimeException {
    NotAnApprover(String login) {
        super(
                "the database login "
                        + login
                        + " may not decide about change sets: somebody of the role reconciler_approver has to"
                        + " (RECONCILER_DB_USER says who logs in)");
    }
}
