package reconciler.cli;

import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;
import reconciler.audit.AnchorFile;
import reconciler.audit.PackFile;
import reconciler.audit.Refused;
import reconciler.database.Database;
import reconciler.database.DatabaseUnusable;
import reconciler.database.ServerFacts;
import reconciler.patch.InvalidSetting;
import reconciler.plan.NotAnApprover;
import reconciler.plan.Refusal;
import reconciler.queue.ErasedMeanwhile;
import reconciler.run.ApiUnusable;
import reconciler.run.Contradiction;
import reconciler.run.ExitCode;
import reconciler.run.InvalidJobFile;
import reconciler.run.LeaseHeld;
import reconciler.run.LeaseLost;
import reconciler.settings.UnreadableSecret;

/// What a failure means to whoever called the command: a sentence and an exit code. Only bugs show
/// a stack trace.
final class Failures implements IExecutionExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private final Session session;

    Failures(Session session) {
        this.session = session;
    }

    /// A failure that has a meaning.
    record Meaning(ExitCode exitCode, String message) {}

    @Override
    public int handleExecutionException(
            Exception failure, CommandLine command, ParseResult parsed) {
        return tell(failure).code();
    }

    /// Says on stderr what it means.
    ExitCode tell(Exception failure) {
        if (failure instanceof StandardOutput.Shut) {
            return ExitCode.OK; // Reconciler says what was lost, if anything was
        }
        Meaning meaning = meaning(failure);
        session.terminal().say("reconciler: " + meaning.message());
        return meaning.exitCode();
    }

    Meaning meaning(Exception failure) {
        return switch (failure) {
            case CommandFailed failed -> new Meaning(failed.exitCode(), message(failed));
            case LeaseHeld held -> new Meaning(ExitCode.LOCKED, message(held));
            case LeaseLost lost -> new Meaning(ExitCode.LOCKED, message(lost));
            case ApiUnusable unusable -> new Meaning(unusable.exitCode(), message(unusable));
            case InvalidSetting invalid -> new Meaning(ExitCode.CONFIGURATION, message(invalid));
            case UnreadableSecret secret -> new Meaning(ExitCode.CONFIGURATION, message(secret));
            case InvalidJobFile invalid -> new Meaning(ExitCode.CONFIGURATION, message(invalid));
            case Contradiction contradiction -> new Meaning(ExitCode.DATA, message(contradiction));
            case NotAnApprover login -> new Meaning(ExitCode.PERMISSION, message(login));
            case Refusal refusal -> new Meaning(ExitCode.DATA, message(refusal));
            case Refused refused -> new Meaning(ExitCode.DATA, message(refused));
            case ErasedMeanwhile erased -> new Meaning(ExitCode.DATA, message(erased));
            case AnchorFile.Unusable unusable -> new Meaning(ExitCode.DATA, message(unusable));
            case PackFile.Unusable unusable -> new Meaning(ExitCode.DATA, message(unusable));
            case UncheckedIOException file ->
                    new Meaning(ExitCode.DATA, message(file) + ": " + file.getCause());
            case DatabaseUnusable unusable ->
                    new Meaning(exitCode(unusable.kind()), message(unusable));
            case Exception other -> ofDatabaseOrBug(other);
        };
    }

    private Meaning ofDatabaseOrBug(Exception failure) {
        DatabaseUnusable unusable = DatabaseUnusable.of(failure, place());
        if (unusable != null) {
            return unusable.kind() == DatabaseUnusable.Kind.READ_ONLY
                    ? readOnly(unusable)
                    : new Meaning(exitCode(unusable.kind()), message(unusable));
        }
        LOG.error("a bug", failure);
        return new Meaning(ExitCode.BUG, "this is a bug: " + failure);
    }

    /// A standby may become a primary, and a setting stays: the server is asked which it is.
    private Meaning readOnly(DatabaseUnusable unusable) {
        try (Database database = session.database()) {
            ServerFacts server = database.server();
            @Nullable String why = server.whyReadOnly();
            return new Meaning(
                    server.standby() ? ExitCode.UNAVAILABLE : exitCode(unusable.kind()),
                    why == null ? message(unusable) : "the database " + place() + " " + why);
        } catch (DatabaseUnusable gone) {
            return new Meaning(exitCode(unusable.kind()), message(unusable));
        }
    }

    /// How a command ends that lost its database.
    static ExitCode exitCode(DatabaseUnusable.Kind kind) {
        return switch (kind) {
            case MISCONFIGURED, SCHEMA, READ_ONLY -> ExitCode.CONFIGURATION;
            case UNREACHABLE -> ExitCode.UNAVAILABLE;
            case CREDENTIALS -> ExitCode.PERMISSION;
        };
    }

    private String place() {
        @Nullable String url = session.settings().find("RECONCILER_DB_URL");
        return url == null ? "" : session.databaseSettings().place();
    }

    private static String message(Exception failure) {
        return String.valueOf(failure.getMessage());
    }
}
