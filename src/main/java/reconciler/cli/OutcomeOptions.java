package reconciler.cli;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import reconciler.audit.AuditView;
import reconciler.audit.OutcomeFilter;
import reconciler.audit.OutcomeView;
import reconciler.change.ChangeState;
import reconciler.run.Contradiction;
import reconciler.run.ExitCode;

/// Which outcomes somebody asks for.
final class OutcomeOptions {
    @Option(names = "--run", paramLabel = "ID", description = "Only this run's.")
    private @Nullable Long run;

    @Option(names = "--set", paramLabel = "ID", description = "Only this change set's.")
    private @Nullable Long set;

    @Option(names = "--participant", paramLabel = "UUID", description = "Only this participant's.")
    private @Nullable UUID participant;

    @Option(
            names = "--status",
            paramLabel = "STATUS",
            split = ",",
            description =
                    "Only these: applied, unchanged, superseded, rejected, conflict, expired, cancelled, failed.")
    private Set<ChangeState> statuses = Set.of();

    @Option(
            names = "--conversation",
            paramLabel = "UUID",
            description = "Only this conversation's.")
    private @Nullable UUID conversation;

    @Option(
            names = "--role",
            paramLabel = "ROLE",
            description = "Only participants queued with this role.")
    private @Nullable String role;

    @Option(names = "--attribute", paramLabel = "NAME", description = "Only this attribute.")
    private @Nullable String attribute;

    @Option(names = "--error", paramLabel = "CODE", description = "Only this error code.")
    private @Nullable String error;

    @Option(
            names = "--requested-by",
            paramLabel = "NAME",
            description = "Only what this person asked for.")
    private @Nullable String requester;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "From this moment on: 2026-11-23T18:00:00Z, or -2h.")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "TIME", description = "Before this moment.")
    private @Nullable String until;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "At most so many. Default: all of them.")
    private long limit = Long.MAX_VALUE;

    OutcomeFilter filter(InstantSource clock) {
        refuseWhatCannotBe();
        Instant from = Moment.of("--since", since, clock);
        Instant to = Moment.of("--until", until, clock);
        if (from != null && to != null && !from.isBefore(to)) {
            throw new CommandFailed(
                    ExitCode.USAGE, "--since " + from + " is not before --until " + to);
        }
        return new OutcomeFilter(
                run,
                set,
                null,
                conversation,
                participant,
                role,
                attribute,
                error,
                requester,
                from,
                to,
                statuses,
                limit);
    }

    private void refuseWhatCannotBe() {
        if (limit < 1) {
            throw new CommandFailed(ExitCode.USAGE, "--limit is at least 1, not " + limit);
        }
        String open =
                statuses.stream()
                        .filter(status -> !status.isTerminal())
                        .map(status -> status.name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(", "));
        if (!open.isEmpty()) {
            throw new CommandFailed(
                    ExitCode.USAGE,
                    "--status: what is "
                            + open
                            + " has no outcome yet; `reconciler status` tells of what waits");
        }
    }

    /// For when there was no outcome: that nothing came of a run that never was is no answer.
    ///
    /// @throws Contradiction when the run or the set does not exist
    void demandKnown(DataSource dataSource) {
        if (run != null && new AuditView(dataSource).run(run) == null) {
            throw new Contradiction(
                    "there is no run " + run + "; `reconciler status` lists the last ones");
        }
        if (set != null && !new OutcomeView(dataSource).knowsSet(set)) {
            throw new Contradiction(
                    "there is no change set " + set + "; `reconciler sets` lists them");
        }
    }
}
