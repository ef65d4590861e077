package reconciler.cli;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reconciler.change.ParticipantRole;
import reconciler.run.InvalidJobFile;
import reconciler.run.JobFile;
import reconciler.run.JobFiles;

/// Which jobs take the rows of a role. A row may name any role, and one that no job selects is
/// never taken.
///
/// @param jobs null when a job file is wrong: then nothing is said about it
record Takers(@Nullable List<JobFile> jobs) {
    static Takers among(JobFiles files) {
        try {
            return new Takers(files.loadAll());
        } catch (InvalidJobFile wrong) {
            return new Takers(null);
        }
    }

    /// A job that takes them; null when none does.
    ///
    /// @param first the job that is named when it is one of several, or when the files are not
    ///   known
    @Nullable String of(ParticipantRole role, String first) {
        if (jobs == null) {
            return first;
        }
        List<String> takers =
                jobs.stream().filter(job -> takes(job, role)).map(JobFile::job).toList();
        return takers.contains(first) ? first : takers.stream().findFirst().orElse(null);
    }

    /// Whether no job takes them.
    boolean isWithout(ParticipantRole role) {
        return jobs != null && jobs.stream().noneMatch(job -> takes(job, role));
    }

    /// What to do about rows without a taker; goes on after what they are.
    String remedy(long rows) {
        String them = rows == 1 ? "it" : "them";
        return "which no job selects, so that no run takes "
                + them
                + (jobs == null || jobs.isEmpty() ? "" : " (" + selections(jobs) + ")")
                + ": add the role to a job's `select: {roles: [...]}`, or withdraw "
                + them
                + " with `reconciler cancel`";
    }

    private static String selections(List<JobFile> jobs) {
        return jobs.stream()
                .map(job ->
                        job.job()
                                + ": "
                                + job.select().roles().stream()
                                        .map(ParticipantRole::name)
                                        .collect(Collectors.joining(", ")))
                .collect(Collectors.joining("; "));
    }

    private static boolean takes(JobFile job, ParticipantRole role) {
        return job.select().roles().isEmpty() || job.select().roles().contains(role);
    }
}
