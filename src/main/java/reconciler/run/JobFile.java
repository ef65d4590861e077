package reconciler.run;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reconciler.change.ParticipantRole;
import reconciler.outcome.Policies;
import reconciler.patch.BreakerSettings;
import reconciler.queue.ApprovalRule;

/// How one job runs: everything its file says, with the defaults for what it leaves out.
///
/// @param schedule null: the job runs only by hand
/// @param express null: the job has no express lane
/// @param verify the share of participants whose values are read back before they are settled
/// @param canary null: no canary
/// @param failureBudget null: failures do not stop the run
/// @param breaker when the API is left alone
/// @param text the file as it was read
public record JobFile(
        String job,
        @Nullable Schedule schedule,
        @Nullable Express express,
        Selection select,
        Partitioning partitions,
        Calls api,
        Rate rate,
        Policies policies,
        BeforeImage beforeImage,
        Share verify,
        @Nullable Canary canary,
        @Nullable FailureBudget failureBudget,
        BreakerSettings breaker,
        String text) {

    /// Which pending rows are the job's.
    ///
    /// @param roles empty means every role
    /// @param approval what somebody else than the requester has to agree to first
    public record Selection(List<ParticipantRole> roles, ApprovalRule approval) {
        public Selection {
            roles = List.copyOf(roles);
        }

        /// Whether there are rows that are both one's and the other's.
        public boolean overlaps(Selection other) {
            return roles.isEmpty()
                    || other.roles.isEmpty()
                    || roles.stream().anyMatch(other.roles::contains);
        }
    }

    /// The express lane: rows that carry an apply-by are applied as soon as they are queued.
    ///
    /// @param within only those whose apply-by is no further away; null: all of them
    public record Express(@Nullable Duration within) {
        private static final Duration ANY = Duration.ofDays(36_500);

        /// The latest apply-by of what is urgent now.
        Instant by(Instant now) {
            return now.plus(within == null ? ANY : within);
        }
    }

    /// How the rows are divided.
    ///
    /// @param perRole partitions of each role, or [#AUTO]: as many as its rows deserve
    /// @param chunk rows per claim and per transaction
    public record Partitioning(int perRole, int chunk) {
        public static final int AUTO = 0;
    }

    /// @param inFlight requests at once, a ceiling
    /// @param timeout for one request, from the first byte sent to the last one received
    public record Calls(int inFlight, Duration timeout) {}

    /// @param perMinute the ceiling for all processes together
    /// @param learn whether the API's own rate headers may lower the pace
    /// @param leave the share of ceiling and allowance that other users of the client keep
    public record Rate(int perMinute, boolean learn, Share leave) {
        /// What is left for us, at most.
        public double ours() {
            return perMinute * (1 - leave.fraction());
        }
    }

    /// Whether the values that are there are read before they are changed; `undo` needs them.
    public enum BeforeImage {
        READ,
        OFF
    }

    /// The rows of each role that go first; the run stops when too many of them fail.
    public record Canary(int perRole, Share stopAbove) {}

    /// The run stops when more than this share of the rows that it has settled so far failed, and
    /// `atLeast` rows did.
    public record FailureBudget(Share rows, int atLeast) {
        public boolean isSpentBy(long failed, long settled) {
            return failed >= atLeast && rows.isExceededBy(failed, settled);
        }
    }

    /// Reads what a file says.
    ///
    /// @param fileName `<job>.yml`, for the messages and to compare with the `job` key
    /// @throws InvalidJobFile with every error of the text
    public static JobFile parse(String fileName, String text) {
        return new JobFileReader(fileName, text).read();
    }

    /// Of the file's bytes, in hex.
    public String sha256() {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
