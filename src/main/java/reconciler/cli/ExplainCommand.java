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
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import reconciler.audit.OutcomeView;
import reconciler.database.Database;
import reconciler.queue.ApprovalRule;
import reconciler.queue.Backlog.Cause;
import reconciler.queue.Backlogs;
import reconciler.queue.DueChanges;
import reconciler.queue.QueueView;
import reconciler.queue.QueueView.ChangeRow;
import reconciler.queue.SetAsides;
import reconciler.run.ExitCode;
import reconciler.run.InvalidJobFile;

/// `reconciler explain CHANGE|--participant UUID`
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        header = "Show the history of one change, or of one participant.",
        description =
                "Who asked for it, what plans found, who agreed, each request with its answer and correlation id, what came of it,"
                        + " and what to do next. Without values: `reconciler outcomes -o csv` has them.",
        footer = {
            "",
            "Examples:",
            "  reconciler explain 4711",
            "  reconciler explain --participant 593b4716-4c81-4ef8-9cbb-d5bc510e246c --utc",
            "  reconciler explain 4711 -o json | jq -r .next"
        })
final class ExplainCommand implements Callable<Integer> {
    private static final int WIDTH = 120;
    private static final String INDENT = "    ";

    private final Session session;

    @Spec private CommandSpec spec = CommandSpec.create();

    @ArgGroup(multiplicity = "1")
    private What what = new What();

    @Option(
            names = "--job",
            paramLabel = "JOB",
            defaultValue = "nightly",
            description = "Whose rule about approvals counts. Default: ${DEFAULT-VALUE}")
    private String job = "nightly";

    @Option(
            names = "-o",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table or json; jsonl or csv: the chapters alone")
    private Format format = Format.TABLE;

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

    /// @param unknown why the rule is not known; null when it is
    private record Approvals(ApprovalRule rule, @Nullable String unknown) {}

    ExplainCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Approvals approvals = approvals();
        try (Database database = session.database()) {
            if (what.participant == null) {
                ofChange(database.dataSource(), Objects.requireNonNull(what.change), approvals);
            } else {
                ofParticipant(database.dataSource(), what.participant);
            }
            return ExitCode.OK.code();
        }
    }

    private void ofChange(DataSource dataSource, long change, Approvals approvals) {
        ChangeRow row = new QueueView(dataSource).find(change);
        if (row == null) {
            throw new CommandFailed(
                    ExitCode.DATA,
                    "there is no change "
                            + change
                            + "; `reconciler outcomes` and `reconciler status` list what there is");
        }
        List<Chapter> chapters = new Stories(dataSource, timesWithin()).of(row);
        String next = next(dataSource, row, approvals);
        switch (format) {
            case TABLE -> {
                chapters.forEach(this::tell);
                session.terminal().out().println(next);
            }
            case JSON -> new StoryJson(session.terminal().out()).ofChange(row, chapters, next);
            case JSONL, CSV -> list(chapters);
        }
    }

    private String next(DataSource dataSource, ChangeRow row, Approvals approvals) {
        SetAsides.@Nullable Held aside = new SetAsides(dataSource).of(row.id());
        if (aside != null) {
            return new Standstill(timesWithin()).inWords(aside) + ".";
        }
        @Nullable Cause cause =
                new Backlogs(dataSource)
                        .causeOf(
                                row.id(),
                                new DueChanges(dataSource).scopeNow(Set.of(), approvals.rule()));
        var takers = Takers.among(session.jobs());
        if (cause != null && cause != Cause.IN_FLIGHT && takers.isWithout(row.role())) {
            return "It is of role " + row.role() + ", " + takers.remedy(1) + ".";
        }
        String next =
                new WhatNext(timesWithin())
                        .of(row, new OutcomeView(dataSource).of(row.id()), cause, job);
        return cause == null || cause == Cause.IN_FLIGHT || approvals.unknown() == null
                ? next
                : next
                        + " Whether it needs an approval first is not known: "
                        + approvals.unknown()
                        + "; correct that, or name another job with --job.";
    }

    /// A story can be told without a job file, unless one is asked for.
    ///
    /// @throws InvalidJobFile when that one is of no use
    private Approvals approvals() {
        try {
            return new Approvals(session.jobs().load(job).select().approval(), null);
        } catch (InvalidJobFile invalid) {
            if (spec.commandLine().getParseResult().hasMatchedOption("--job")) {
                throw invalid;
            }
            return new Approvals(new ApprovalRule.None(), String.join("; ", invalid.messages()));
        }
    }

    /// A request for several changes is told once.
    private void ofParticipant(DataSource dataSource, UUID participant) {
        var queue = new QueueView(dataSource);
        var stories = new Stories(dataSource, timesWithin());
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
        List<Chapter> inOrder =
                chapters.stream().sorted(Comparator.comparing(Chapter::when)).toList();
        switch (format) {
            case TABLE -> {
                inOrder.forEach(this::tell);
                session.terminal().say(Counted.of(changes.size(), "change") + ".");
            }
            case JSON ->
                    new StoryJson(session.terminal().out())
                            .ofParticipant(participant, changes, inOrder);
            case JSONL, CSV -> list(inOrder);
        }
    }

    /// Those in the words of a story: programs get UTC.
    private Times timesWithin() {
        return format == Format.TABLE ? times : Times.inUtc();
    }

    private void list(List<Chapter> chapters) {
        try (Sheet sheet =
                format.open(session.terminal().out(), "chapters", List.of("at", "what"))) {
            chapters.forEach(
                    chapter -> sheet.row(List.of(chapter.when().toString(), chapter.what())));
        }
    }

    /// In one line where it fits, otherwise with its details below.
    private void tell(Chapter chapter) {
        String when = times.exactly(chapter.when()) + "  ";
        var out = session.terminal().out();
        if (when.length() + chapter.what().length() <= WIDTH) {
            out.println(when + chapter.what());
            return;
        }
        List<String> lines =
                Paragraph.lines(chapter.headline(), WIDTH - when.length(), WIDTH - INDENT.length());
        out.println(when + lines.getFirst());
        lines.stream().skip(1).forEach(line -> out.println(INDENT + line));
        for (String detail : chapter.details()) {
            Paragraph.lines(detail, WIDTH - INDENT.length(), WIDTH - INDENT.length())
                    .forEach(line -> out.println(INDENT + line));
        }
    }
}
