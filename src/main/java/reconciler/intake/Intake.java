package reconciler.intake;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// Turns a file into a change set, in one transaction: all of it, its good lines, or nothing.
public final class Intake {
    /// From so many rows on the queue's statistics are taken anew.
    private static final int LARGE = 10_000;

    private final DataSource dataSource;
    private final TransactionTemplate transaction;
    private final Staging staging;
    private final ChangeSets changeSets;
    private final StagedGroups groups;
    private final InstantSource clock;
    private final Consumer<IntakeReport> queued;

    /// @param queued is told of each set that is made, in its transaction: both last, or neither
    public Intake(DataSource dataSource, InstantSource clock, Consumer<IntakeReport> queued) {
        this.dataSource = dataSource;
        this.transaction = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
        this.staging = new Staging(dataSource);
        this.changeSets = new ChangeSets(dataSource);
        this.groups = new StagedGroups(dataSource);
        this.clock = clock;
        this.queued = queued;
    }

    /// Queues a file. What is wrong with it is in the report; the report has a change set exactly
    /// when something was queued.
    ///
    /// @param rejects where the bad lines go; null for nowhere
    public IntakeReport queue(
            Source source, ChangeSetRequest request, IntakeRules rules, @Nullable Path rejects) {
        Instant now = clock.instant();
        if (request.applyBy() != null && !request.applyBy().isAfter(now)) {
            return IntakeReport.unread(
                    source,
                    "apply-by is in the past: "
                            + request.applyBy()
                            + "; give a later one, or none");
        }
        String unfit = Rejects.unfit(rejects, source);
        if (unfit != null) {
            return IntakeReport.unread(source, unfit);
        }
        IntakeReport queuedNow =
                transaction.execute(status -> {
                    IntakeReport report =
                            queue(source, request, new Judge(rules, request, now), rejects);
                    if (report.changeSetId() == null) {
                        status.setRollbackOnly();
                    } else {
                        queued.accept(report);
                    }
                    return report;
                });
        if (queuedNow.changeSetId() != null && queuedNow.changes() >= LARGE) {
            changeSets.analyze();
        }
        return queuedNow;
    }

    private IntakeReport queue(
            Source source, ChangeSetRequest request, Judge judge, @Nullable Path rejects) {
        String fresh = request.atomic() || !source.repeatable() ? null : fresh(source, request);
        return fresh == null
                ? byStaging(source, request, judge, rejects)
                : straight(source, fresh, request, judge, rejects);
    }

    /// The hash of a file that was not queued before; null for one that was, and for one that
    /// cannot be read.
    private @Nullable String fresh(Source source, ChangeSetRequest request) {
        String sha256 = FileReading.sha256(source);
        return sha256 != null && (changeSets.of(sha256).isEmpty() || request.again())
                ? sha256
                : null;
    }

    /// The good lines of a file become changes while it is still read: its hash is known, and it is
    /// over soon, so that nothing that is queued meanwhile gets a number after those and is seen
    /// before them for long.
    private IntakeReport straight(
            Source source,
            String sha256,
            ChangeSetRequest request,
            Judge judge,
            @Nullable Path rejects) {
        IntakeReport report;
        ChangeSets.NewSet changeSet;
        try (var copy =
                        new QueueCopy(
                                dataSource,
                                () -> changeSets.create(request, source.name(), sha256),
                                request.priority());
                var rejected = new Rejects(rejects)) {
            report =
                    new FileReading(source, judge, copy::add, rejected, request.partial()).report();
            if (!report.allows(request)) {
                return report;
            }
            if (!sha256.equals(report.sha256())) {
                return report.refused("the file was changed while it was read: queue it anew");
            }
            changeSet = copy.finish(report.changes());
        }
        changeSets.count(changeSet, report);
        return report.queuedAs(changeSet.id());
    }

    /// The lines of a stream, whose producer may take its time, and those of which groups are made,
    /// wait until all are there and fit.
    private IntakeReport byStaging(
            Source source, ChangeSetRequest request, Judge judge, @Nullable Path rejects) {
        long file = staging.nextFile();
        IntakeReport report = stage(source, judge, file, request, rejects);
        return report.allows(request) ? promote(report, request, file) : report;
    }

    private IntakeReport stage(
            Source source,
            Judge judge,
            long file,
            ChangeSetRequest request,
            @Nullable Path rejects) {
        try (StagingCopy copy = staging.copy(file);
                var rejected = new Rejects(rejects)) {
            IntakeReport report =
                    new FileReading(source, judge, copy::add, rejected, request.partial()).report();
            if (report.allows(request)) {
                copy.finish();
            }
            return report;
        }
    }

    private IntakeReport promote(IntakeReport report, ChangeSetRequest request, long file) {
        String sha256 = Objects.requireNonNull(report.sha256());
        Optional<ChangeSets.EarlierSet> earlier = changeSets.of(sha256);
        if (earlier.isPresent() && !request.again()) {
            return report.refused(before(earlier.get()));
        }
        if (request.atomic()) {
            String unfit = groups.unfit(file);
            if (unfit != null) {
                return report.refused(unfit);
            }
        }
        ChangeSets.NewSet changeSet = changeSets.create(request, report.source(), sha256);
        staging.promote(file, changeSet.id(), report.changes(), request);
        staging.clear(file);
        changeSets.count(changeSet, report);
        return report.queuedAs(changeSet.id());
    }

    private static String before(ChangeSets.EarlierSet earlier) {
        return "the same bytes were queued before, as change set "
                + earlier.id()
                + " by "
                + Found.in(earlier.requestedBy())
                + " at "
                + earlier.createdAt()
                + "; --again queues them once more";
    }
}
