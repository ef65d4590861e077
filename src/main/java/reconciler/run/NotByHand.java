package reconciler.run;

import org.jspecify.annotations.Nullable;
import reconciler.queue.Obstacle;

/// Why a change is not sent by hand, in one sentence that says what to do instead.
///
/// @param job whose rules it was judged by
record NotByHand(String job, long change) {
    String because(Obstacle obstacle) {
        return "change "
                + change
                + switch (obstacle) {
                    case Obstacle.NotPending(var state) ->
                            " is "
                                    + state
                                    + " and not PENDING, so nothing was sent: `reconciler explain "
                                    + change
                                    + "` tells why";
                    case Obstacle.NotSelected(var role) ->
                            " is of role "
                                    + role
                                    + ", which job "
                                    + job
                                    + " does not select: --job names one that does";
                    case Obstacle.Paused(var set, var by) ->
                            " is paused by "
                                    + by
                                    + ": `reconciler unpause "
                                    + (set == null ? "--all" : set)
                                    + "` resumes it";
                    case Obstacle.NotDue(var until) ->
                            " is not due before " + until + ": send it after that";
                    case Obstacle.Unapproved(var set) -> unapproved(set);
                    case Obstacle.Superseded(var by) ->
                            " is older than change "
                                    + by
                                    + ", which sets the same attribute and waits too: `reconciler probe "
                                    + by
                                    + " --send` sends that one, `reconciler cancel --change "
                                    + by
                                    + "` withdraws it";
                    case Obstacle.Busy _ ->
                            " waits while something of its participant is in flight by the express lane: send it again in a moment";
                };
    }

    private String unapproved(@Nullable Long set) {
        String waits = " waits for an approval that job " + job + " asks for";
        return set == null
                ? waits
                        + ", and a change of no set cannot get one: cancel it, and queue it as a file"
                : waits
                        + ": `reconciler plan "
                        + set
                        + "`, then another person runs `reconciler approve "
                        + set
                        + "`";
    }
}
