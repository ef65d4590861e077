package reconciler.cli;

import java.io.PrintStream;
import java.util.Locale;
import reconciler.plan.Estimate;
import reconciler.plan.Finding;
import reconciler.plan.Plan;
import reconciler.plan.PlanReport;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A plan as one JSON document.
final class PlanJson {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int SCHEMA_VERSION = 1;

    private PlanJson() {}

    static void write(PrintStream out, PlanReport report) {
        ObjectNode document = JSON.createObjectNode().put("schemaVersion", SCHEMA_VERSION);
        Plan plan = report.plan();
        if (plan == null) {
            document.putNull("plan");
        } else {
            document.putObject("plan")
                    .put("id", plan.name())
                    .put("sha256", plan.sha256())
                    .put("change_set", plan.set())
                    .put("job", plan.job())
                    .put("created_at", plan.createdAt().toString())
                    .put("valid_until", plan.validUntil().toString())
                    .put("sample", plan.sample());
        }
        document.put("rows_in_scope", report.rowsInScope())
                .put("rows_not_due", report.notDue())
                .put("rows_atomic", report.atomic());
        ObjectNode counts = document.putObject("rows");
        for (Finding finding : Finding.values()) {
            counts.put(finding.name().toLowerCase(Locale.ROOT), report.count(finding));
        }
        document.set("estimate", estimate(report.estimate()));
        var groups = document.putArray("groups");
        report.groups()
                .forEach(group ->
                        groups.addObject()
                                .put("finding", group.finding().name().toLowerCase(Locale.ROOT))
                                .put("role", group.role())
                                .put("attribute", group.attribute())
                                .put("before", group.before())
                                .put("after", group.after())
                                .put("rows", group.rows()));
        document.put("ungrouped_rows", report.ungrouped());
        out.println(JSON.writeValueAsString(document));
    }

    private static ObjectNode estimate(Estimate estimate) {
        ObjectNode json =
                JSON.createObjectNode()
                        .put("reads", estimate.reads())
                        .put("changes", estimate.changes())
                        .put("requests", estimate.requests())
                        .put("per_minute", estimate.perMinute())
                        .put("seconds", estimate.takes().toMillis() / 1_000.0)
                        .put("begins_at", estimate.begins().toString())
                        .put("ends_at", estimate.ends().toString())
                        .put("fits_window", estimate.fitsTheWindow())
                        .put("rows_too_late", estimate.tooLate());
        if (estimate.windowEnds() != null) {
            json.put("window_ends_at", estimate.windowEnds().toString());
        }
        return json;
    }
}
