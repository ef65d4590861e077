package reconciler.run;

import javax.sql.DataSource;
import reconciler.queue.ChangeSetView;

/// How sets stand that somebody names.
record KnownSets(ChangeSetView view) {
    static KnownSets in(DataSource dataSource) {
        return new KnownSets(new ChangeSetView(dataSource));
    }

    /// @throws Contradiction when there is no such set
    ChangeSetView.Standing standing(long set) {
        ChangeSetView.Standing standing = view.standing(set);
        if (!standing.exists()) {
            throw new Contradiction(
                    "there is no change set " + set + "; `reconciler sets` lists them");
        }
        return standing;
    }
}
