package reconciler.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import reconciler.run.ExitCode;
import reconciler.run.JobFile;

/// The job files beside each other: all of them take the same pending rows, so that what one asks
/// approvals for, another must not take without.
record JobsTogether(List<JobFile> jobs) {
    /// The job that has the express lane; null when none has.
    ///
    /// @throws CommandFailed when there are two, or when the lane would be a way round the
    ///   approvals that another job asks for
    @Nullable JobFile express() {
        List<JobFile> express = jobs.stream().filter(job -> job.express() != null).toList();
        if (express.size() > 1) {
            throw new CommandFailed(
                    ExitCode.CONFIGURATION,
                    "there is one express lane, but "
                            + express.size()
                            + " job files have `express:` ("
                            + names(express)
                            + "): leave it in one");
        }
        if (express.isEmpty()) {
            return null;
        }
        JobFile lane = express.getFirst();
        List<JobFile> stricter = stricterThan(lane);
        if (!stricter.isEmpty()) {
            throw new CommandFailed(
                    ExitCode.CONFIGURATION,
                    "the express lane of "
                            + lane.job()
                            + " would apply without approval what needs one in "
                            + names(stricter)
                            + ": give it a `select: {approval: ...}` that asks for no less, or take `express:` out");
        }
        return lane;
    }

    /// One sentence for each other job that takes without an approval what needs one elsewhere.
    /// Whoever runs a job by hand or by a schedule of its own may mean it.
    List<String> waysRound() {
        return jobs.stream()
                .filter(job -> job.express() == null && !stricterThan(job).isEmpty())
                .map(job ->
                        "job "
                                + job.job()
                                + " applies without approval what needs one in "
                                + names(stricterThan(job))
                                + ": give it a `select: {approval: ...}` that asks for no less, or roles of its own")
                .toList();
    }

    private List<JobFile> stricterThan(JobFile job) {
        return jobs.stream()
                .filter(other -> other.select().overlaps(job.select()))
                .filter(other -> !job.select().approval().isAtLeast(other.select().approval()))
                .toList();
    }

    private static String names(List<JobFile> jobs) {
        return String.join(", ", jobs.stream().map(JobFile::job).toList());
    }
}
