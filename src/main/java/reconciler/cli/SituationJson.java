package reconciler.cli;

import java.io.PrintStream;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import reconciler.audit.AuditView.RunRow;
import reconciler.run.Leases;
import reconciler.run.Pulse;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// How everything stands, as one JSON document on one line. Times are UTC.
record SituationJson(PrintStream out) {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int SCHEMA_VERSION = 1;
    private static final int FIRINGS = 3;

    void show(Situation situation) {
        ObjectNode document =
                JSON.createObjectNode()
                        .put("schemaVersion", SCHEMA_VERSION)
                        .put("as_of", situation.now().toString());
        if (situation.underWay() == null) {
            document.putNull("under_way");
        } else {
            underWay(document.putObject("under_way"), situation.underWay());
        }
        if (situation.express() == null) {
            document.putNull("express");
        } else {
            Leases.Holder holder = situation.express().holder();
            document.putObject("express")
                    .put("holder", holder.owner())
                    .put("since", holder.acquiredAt().toString())
                    .put("last_heard", holder.renewedAt().toString())
                    .put("in_flight", situation.express().inFlight());
        }
        ArrayNode waiting = document.putArray("waiting");
        situation
                .backlog()
                .lines()
                .forEach(line ->
                        waiting.addObject()
                                .put("role", line.role().name())
                                .put("for", line.cause().name().toLowerCase(Locale.ROOT))
                                .put("rows", line.rows())
                                .put("oldest", line.oldest().toString())
                                .put("next", text(line.next())));
        document.put("rows_set_aside", situation.aside().rows());
        ArrayNode aside = document.putArray("set_aside");
        situation
                .aside()
                .first()
                .forEach(row ->
                        aside.addObject()
                                .put("change", row.change())
                                .put("reason", row.reason())
                                .put("since", row.since().toString())
                                .put("may_have_been_sent", row.sent()));
        ArrayNode why = document.putArray("why");
        new Standstill(Times.inUtc()).reasons(situation).forEach(why::add);
        ArrayNode firings = document.putArray("next_firings");
        situation
                .job()
                .next(FIRINGS, situation.now())
                .forEach(firing -> firings.add(firing.toString()));
        ArrayNode runs = document.putArray("runs");
        situation.last().forEach(row -> run(runs.addObject(), row));
        out.println(JSON.writeValueAsString(document));
    }

    private static void underWay(ObjectNode json, Situation.UnderWay run) {
        json.put("run", run.holder().runId())
                .put("job", run.job())
                .put("holder", run.holder().owner())
                .put("since", run.holder().acquiredAt().toString())
                .put("last_heard", run.holder().renewedAt().toString())
                .put("asked_to_stop_by", run.stop() == null ? null : run.stop().by());
        Pulse pulse = run.pulse();
        if (pulse == null) {
            return;
        }
        json.put("planned", pulse.planned())
                .put("settled", pulse.settled())
                .put("requests", pulse.requests())
                .put("throttled", pulse.throttled())
                .put("requests_per_minute", pulse.perMinute())
                .put("ceiling_per_minute", pulse.ceilingPerMinute())
                .put("throttled_share", pulse.throttledShare())
                .put("seconds_left", run.timeLeft() == null ? null : run.timeLeft().toSeconds());
        ArrayNode roles = json.putArray("roles");
        pulse.roles()
                .forEach(role ->
                        roles.addObject()
                                .put("role", role.role())
                                .put("planned", role.planned())
                                .put("settled", role.settled())
                                .put("not_applied", role.notApplied()));
    }

    private static void run(ObjectNode json, RunRow row) {
        json.put("run", row.runId())
                .put("job", row.job())
                .put("trigger", row.trigger())
                .put("started_at", row.startedAt().toString())
                .put("ended_at", text(row.endedAt()))
                .put("planned", row.planned())
                .put("exit_code", row.exitCode())
                .put("explanation", row.explanation())
                .put("requests", row.requests())
                .put("throttled", row.throttled());
    }

    private static @Nullable String text(@Nullable Instant moment) {
        return moment == null ? null : moment.toString();
    }
}
