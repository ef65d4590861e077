package reconciler.cli;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reconciler.database.Database;
import reconciler.queue.ApprovalRule;
import reconciler.queue.Backlogs;
import reconciler.queue.DueChanges;
import reconciler.queue.QueueView;
import reconciler.queue.QueueView.ChangeRow;
import reconciler.run.ExitCode;
import reconciler.run.InvalidJobFile;

/// `reconciler explain CHANGE|--participant UUID`
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        header = "The story of one change, or of one participant, in order.",
        description =
                "Who asked for it, what plans found, who agreed, each request with its answer and correlation id, what came of it,"
                        + " and what to do next. Without values: `reconciler outcomes -o csv` has them.",
        footer = {
            "",
            "Examples:",
            "  reconciler explain 4711",
            "  reconciler explain --participant 593b4716-4c81-4ef8-9cbb-d5bc510e246c --utc"
        })
final class ExplainCommand implements Callable<Integer> {
    private final Session session;

    @ArgGroup(multiplicity = "1")
    private What what = new What();

    @Option(
            names = "--job",
            paramLabel = "JOB",
            defaultValue = "nightly",
            description = "Whose rule about approvals counts. Default: ${DEFAULT-VALUE}")
    private String job = "nightly";

    @Mixin private Times times = Times.local();

    /// One of the two.
    private static final class What {
        @Parameters(paramLabel = "CHANGE", description = "The change's id.")
        private @Nullable Long change;

        @Option(
                names = "--participant",
                paramLabel = "UUID",
                description = "Everything ever done to this participant.")
        private @Nullable UUID participant;
    }

    ExplainCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try (Database database = session.database()) {
            if (what.participant == null) {
                ofChange(database.dataSource(), Objects.requireNonNull(what.change));
            } else {
                ofParticipant(database.dataSource(), what.participant);
            }
            return ExitCode.OK.code();
        }
    }

    private void ofChange(DataSource dataSource, long change) {
        ChangeRow row = new QueueView(dataSource).find(change);
        if (row == null) {
            throw new CommandFailed(
                    ExitCode.DATA,
                    "there is no change "
                            + change
                            + "; `reconciler outcomes` and `reconciler status` list what there is");
        }
        new Stories(dataSource, times).of(row).forEach(this::tell);
        session.terminal().out().println(next(dataSource, row));
    }

    private String next(DataSource dataSource, ChangeRow row) {
        return new WhatNext(times)
                .of(
                        row,
                        new Backlogs(dataSource)
                                .causeOf(
                                        row.id(),
                                        new DueChanges(dataSource).scopeNow(Set.of(), rule())),
                        job);
    }

    /// A story can be told without a job file.
    private ApprovalRule rule() {
        try {
            return session.jobs().load(job).select().approval();
        } catch (InvalidJobFile invalid) {
            return new ApprovalRule.None();
        }
    }

    /// A request for several changes is told once.
    private void ofParticipant(DataSource dataSource, UUID participant) {
        var queue = new QueueView(dataSource);
        var stories = new Stories(dataSource, times);
        List<Long> changes = queue.ofParticipant(participant);
        if (changes.isEmpty()) {
            throw new CommandFailed(
                    ExitCode.DATA,
                    "nothing was ever asked for participant "
                            + participant
                            + "; `reconciler outcomes --conversation UUID` looks by conversation");
        }
        Set<Chapter> chapters = new LinkedHashSet<>();
        for (Long change : changes) {
            ChangeRow row = queue.find(change);
            if (row != null) {
                chapters.addAll(stories.of(row));
            }
        }
        chapters.stream().sorted(Comparator.comparing(Chapter::when)).forEach(this::tell);
        session.terminal().say(Counted.of(changes.size(), "change") + ".");
    }

    private void tell(Chapter chapter) {
        session.terminal().out().println(times.exactly(chapter.when()) + "  " + chapter.what());
    }
}
