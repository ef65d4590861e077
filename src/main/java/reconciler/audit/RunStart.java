package reconciler.audit;

import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;

/// The circumstances of a run, as they will be asked about later.
///
/// @param scheduledFor the instant of the schedule it serves; null by hand
/// @param approvals what the job wants approved
/// @param epoch of the lease it holds; 0 for a look, which holds none
/// @param planned rows in scope
/// @param horizon the greatest id in scope
public record RunStart(
        String job,
        Trigger trigger,
        @Nullable Instant scheduledFor,
        String startedBy,
        String host,
        String version,
        String jobFileSha256,
        String jobFile,
        Approvals approvals,
        String api,
        String contract,
        long epoch,
        long planned,
        long horizon) {

    /// Which rows the job takes only when somebody approved them.
    ///
    /// @param all every row
    /// @param aboveRows those of sets with more rows than this, and of no set; null: size does not
    ///   matter
    /// @param attributes those of sets with any of these, and of no set
    public record Approvals(boolean all, @Nullable Integer aboveRows, List<String> attributes) {
        public static final Approvals NONE = new Approvals(false, null, List.of());

        public Approvals {
            attributes = List.copyOf(attributes);
        }
    }

    /// What set a run off.
    public enum Trigger {
        MANUAL("manual"),
        SCHEDULE("schedule"),
        PROBE("probe"),
        DEMO("demo"),
        EXPRESS("express"),
        /// From here on looks: what they send is on record, and they change nothing.
        PLAN("plan"),
        VERIFY("verify"),
        UNDO("undo"),
        /// Whether the API can be worked with; all that is left of what could not begin.
        CHECK("check");

        private final String label;

        Trigger(String label) {
            this.label = label;
        }

        /// Whether it changed nothing; it is not a run that people ask about as such.
        public boolean isLook() {
            return switch (this) {
                case MANUAL, SCHEDULE, PROBE, DEMO, EXPRESS -> false;
                case PLAN, VERIFY, UNDO, CHECK -> true;
            };
        }

        /// Of all that are no runs as such.
        static String[] looks() {
            return Arrays.stream(values())
                    .filter(Trigger::isLook)
                    .map(Trigger::label)
                    .toArray(String[]::new);
        }

        /// As it stands in the audit.
        public String label() {
            return label;
        }
    }

    SqlParameterSource parameters() {
        return new MapSqlParameterSource()
                .addValue("job", job)
                .addValue("trigger", trigger.label)
                .addValue(
                        "scheduledFor",
                        scheduledFor == null ? null : scheduledFor.atOffset(ZoneOffset.UTC))
                .addValue("startedBy", startedBy)
                .addValue("host", host)
                .addValue("version", version)
                .addValue("jobFileSha256", jobFileSha256)
                .addValue("jobFile", jobFile)
                .addValue("approveAll", approvals.all())
                .addValue("aboveRows", approvals.aboveRows(), Types.INTEGER)
                .addValue("attributes", approvals.attributes().toArray(String[]::new))
                .addValue("api", api)
                .addValue("contract", contract)
                .addValue("epoch", epoch)
                .addValue("planned", planned)
                .addValue("horizon", horizon);
    }
}
