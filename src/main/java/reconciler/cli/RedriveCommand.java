package reconciler.cli;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reconciler.change.ChangeState;
import reconciler.database.Database;
import reconciler.queue.RedriveFilter;
import reconciler.queue.Redrives.Redriven;
import reconciler.queue.Redrives.Verdict;
import reconciler.run.Contradiction;
import reconciler.run.ExitCode;
import reconciler.run.Steering;

/// `reconciler redrive`
@Command(
        name = "redrive",
        mixinStandardHelpOptions = true,
        header = "Queue failed changes again.",
        description =
                "Queues it anew in a change set of its own, which is planned, approved and run like any other. The old rows stay"
                        + " settled. Not redriven: what a newer change to the same attribute has overtaken, and what was redriven"
                        + " before (redrive the newer row then). A change that was set aside is let go as it is, once its reason is"
                        + " mended.",
        footer = {
            "",
            "Examples:",
            "  reconciler redrive --run 12 --dry-run",
            "  reconciler redrive --run 12 --status failed --error service.unavailable --reason \"the API is back\"",
            "  reconciler redrive --set 7 --status expired --limit 100 --reason \"still wanted\"",
            "  reconciler redrive --set-aside 4711 --reason \"the trigger is gone\""
        })
final class RedriveCommand implements Callable<Integer> {
    private final Session session;

    @Option(names = "--run", paramLabel = "ID", description = "What ended in this run.")
    private @Nullable Long run;

    @Option(names = "--set", paramLabel = "ID", description = "What ended of this change set.")
    private @Nullable Long set;

    @Option(
            names = "--set-aside",
            paramLabel = "ID",
            description =
                    "This change, which was set aside. Goes with none of the others but --reason.")
    private @Nullable Long setAside;

    @Option(
            names = "--status",
            paramLabel = "STATUS",
            split = ",",
            defaultValue = "failed,conflict,rejected",
            description =
                    "Only these: failed, conflict, rejected, expired. Default: all but expired, whose time is over.")
    private Set<ChangeState> statuses = Set.of();

    @Option(
            names = "--error",
            paramLabel = "CODE",
            description = "Only what ended with this error code.")
    private @Nullable String error;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many, the oldest first.")
    private long limit = Long.MAX_VALUE;

    @Option(names = "--dry-run", description = "Count, and change nothing.")
    private boolean dryRun;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            description = "Why, for the audit; needed unless --dry-run.")
    private @Nullable String reason;

    RedriveCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (setAside != null) {
            return letGo(setAside).code();
        }
        check();
        var filter = new RedriveFilter(run, set, statuses, error, limit);
        try (Database database = session.database()) {
            var steering = new Steering(database.dataSource());
            Map<Verdict, Long> verdicts = steering.wouldRedrive(filter);
            long chosen = Math.min(limit, verdicts.getOrDefault(Verdict.CHOSEN, 0L));
            if (chosen == 0) {
                throw new Contradiction(
                        "nothing to redrive"
                                + leftOut(verdicts, ": ")
                                + "; `reconciler outcomes "
                                + (run == null ? "--set " + set : "--run " + run)
                                + "` tells what became of it");
            }
            if (dryRun) {
                session.terminal()
                        .out()
                        .println(
                                Counted.of(chosen, "change")
                                        + " would be redriven"
                                        + leftOut(verdicts, "; "));
                return ExitCode.OK.code();
            }
            Redriven redriven =
                    steering.redrive(filter, source(), new Steering.Order(session.user(), reason));
            session.terminal()
                    .out()
                    .println(
                            "change set "
                                    + redriven.set()
                                    + ": "
                                    + Counted.of(redriven.rows(), "change")
                                    + " redriven from "
                                    + source()
                                    + leftOut(verdicts, "; "));
            return ExitCode.OK.code();
        }
    }

    private ExitCode letGo(long change) {
        if (run != null || set != null || error != null || dryRun) {
            throw new CommandFailed(
                    ExitCode.USAGE, "--set-aside is about one change: leave the other options out");
        }
        if (reason == null || reason.isBlank()) {
            throw new CommandFailed(ExitCode.USAGE, "say why with --reason");
        }
        try (Database database = session.database()) {
            int others =
                    new Steering(database.dataSource())
                            .letGo(change, new Steering.Order(session.user(), reason));
            session.terminal()
                    .out()
                    .println(
                            "change "
                                    + change
                                    + ": let go, it waits for a run"
                                    + (others == 0
                                            ? ""
                                            : ", and with it "
                                                    + Counted.of(others, "change")
                                                    + " of the same participant"));
            return ExitCode.OK;
        }
    }

    private void check() {
        if (run == null && set == null) {
            throw new CommandFailed(
                    ExitCode.USAGE, "say what to redrive: --run ID, --set ID or --set-aside ID");
        }
        if (limit < 1) {
            throw new CommandFailed(ExitCode.USAGE, "--limit is at least 1, not " + limit);
        }
        if (!dryRun && (reason == null || reason.isBlank())) {
            throw new CommandFailed(
                    ExitCode.USAGE, "say why with --reason, or look first with --dry-run");
        }
        if (!RedriveFilter.POSSIBLE.containsAll(statuses)) {
            var others = EnumSet.copyOf(statuses);
            others.removeAll(RedriveFilter.POSSIBLE);
            throw new CommandFailed(
                    ExitCode.USAGE,
                    "what is "
                            + others
                            + " cannot be redriven: only failed, conflict, rejected and expired changes can");
        }
    }

    private String source() {
        return run == null
                ? "change set " + set
                : "run " + run + (set == null ? "" : " and set " + set);
    }

    private static String leftOut(Map<Verdict, Long> verdicts, String lead) {
        var said = new StringBuilder();
        for (Verdict verdict : Verdict.values()) {
            long rows = verdicts.getOrDefault(verdict, 0L);
            if (verdict != Verdict.CHOSEN && rows > 0) {
                said.append(said.isEmpty() ? lead : ", ").append(rows).append(why(verdict));
            }
        }
        return said.toString();
    }

    private static String why(Verdict verdict) {
        return switch (verdict) {
            case CHOSEN -> " redriven";
            case REDRIVEN -> " redriven before";
            case OVERTAKEN -> " overtaken by a newer change to the same attribute";
            case ERASED -> " whose value was erased";
        };
    }
}
