package reconciler.run;

import java.io.StringReader;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import reconciler.outcome.Backoff;
import reconciler.outcome.ConflictPolicy;
import reconciler.outcome.Exhausted;
import reconciler.outcome.Policies;
import reconciler.outcome.RoleMismatch;
import reconciler.outcome.ThrottlePolicy;
import reconciler.outcome.UnavailablePolicy;
import reconciler.patch.BreakerSettings;
import reconciler.queue.ApprovalRule;

/// The keys of a job file, their ranges and their defaults.
final class JobFileReader {
    private static final Duration PAUSE_WHEN_THE_API_NAMES_NONE = Duration.ofSeconds(3);

    private final String fileName;
    private final String text;
    private final Problems problems;

    JobFileReader(String fileName, String text) {
        this.fileName = fileName;
        this.text = text;
        this.problems = new Problems(fileName);
    }

    JobFile read() {
        Section root =
                Section.root(
                        compose(),
                        problems,
                        "job",
                        "schedule",
                        "express",
                        "select",
                        "partitions",
                        "api",
                        "rate",
                        "throttled",
                        "conflict",
                        "unavailable",
                        "role-mismatch",
                        "before-image",
                        "verify",
                        "canary",
                        "failure-budget",
                        "breaker");
        String name = fileName.replaceFirst("\\.ya?ml$", "");
        root.required("job", Reading.exactly(name, "as the file is called"));
        var job =
                new JobFile(
                        name,
                        ScheduleReader.read(
                                root.section("schedule", "cron", "zone", "window", "misfire")),
                        express(root.section("express", "within")),
                        selection(root.section("select", "roles", "approval")),
                        partitioning(root.section("partitions", "per-role", "chunk")),
                        calls(root.section("api", "in-flight", "timeout")),
                        rate(root.section("rate", "per-minute", "learn", "leave")),
                        policies(root),
                        root.value(
                                "before-image",
                                Reading.oneOf(JobFile.BeforeImage.class),
                                JobFile.BeforeImage.READ),
                        root.section("verify", "sample").value("sample", Reading.SHARE, Share.NONE),
                        canary(root.section("canary", "per-role", "stop-above")),
                        failureBudget(root.section("failure-budget", "rows", "at-least")),
                        breaker(
                                root.section(
                                        "breaker",
                                        "window",
                                        "failures",
                                        "slow",
                                        "open",
                                        "trial",
                                        "openings")),
                        text);
        problems.throwIfAny();
        return job;
    }

    private Node compose() {
        try {
            Node node = new Yaml(new LoaderOptions()).compose(new StringReader(text));
            if (node != null) {
                return node;
            }
            problems.at(1, 1, "the file is empty: the least a job file says is its name, \"job\"");
        } catch (MarkedYAMLException broken) {
            problems.at(
                    broken.getProblemMark(),
                    "not YAML: " + broken.getProblem() + hint(broken.getProblemMark()));
        } catch (YAMLException broken) {
            problems.at(1, 1, "not YAML: " + broken.getMessage());
        }
        throw problems.failure();
    }

    /// A value that begins with `*` or `@` needs quotes.
    private String hint(Mark place) {
        String line = text.lines().skip(place.getLine()).findFirst().orElse("");
        return line.matches(".*\\bcron:\\s*[*@].*")
                ? ": put the schedule in quotes, such as cron: \"*/5 * * * *\""
                : "";
    }

    private static JobFile.@Nullable Express express(Section section) {
        return section.isPresent()
                ? new JobFile.Express(
                        section.optional(
                                "within",
                                Reading.duration(Duration.ofSeconds(1), Duration.ofDays(365))))
                : null;
    }

    private static JobFile.Selection selection(Section section) {
        return new JobFile.Selection(section.list("roles", Reading.ROLE), approval(section));
    }

    /// A word, or the conditions under which it is needed.
    private static ApprovalRule approval(Section section) {
        if (!section.isMapping("approval")) {
            return section.value("approval", Reading.APPROVAL, new ApprovalRule.None());
        }
        Section when = section.section("approval", "above-rows", "attributes");
        var rule =
                new ApprovalRule.When(
                        when.optional("above-rows", Reading.wholeNumber(0, 100_000_000)),
                        when.list("attributes", Reading.ATTRIBUTE));
        if (rule.aboveRows() == null && rule.attributes().isEmpty()) {
            section.problem("approval", "say above-rows, attributes or both; or none or required");
        }
        return rule;
    }

    private static JobFile.Partitioning partitioning(Section section) {
        return new JobFile.Partitioning(
                section.value("per-role", Reading.PARTITIONS, JobFile.Partitioning.AUTO),
                section.value("chunk", Reading.wholeNumber(1, 10_000), 200));
    }

    private static JobFile.Calls calls(Section section) {
        return new JobFile.Calls(
                section.value("in-flight", Reading.wholeNumber(1, 1000), 64),
                section.value(
                        "timeout",
                        Reading.duration(Duration.ofMillis(100), Duration.ofMinutes(5)),
                        Duration.ofSeconds(10)));
    }

    private static JobFile.Rate rate(Section section) {
        Share leave = section.value("leave", Reading.SHARE, Share.NONE);
        if (leave.fraction() == 1) {
            section.problem("leave", "all of it leaves nothing to send with");
        }
        return new JobFile.Rate(
                section.value("per-minute", Reading.wholeNumber(1, 1_000_000), 300),
                section.value("learn", Reading.SWITCH, true),
                leave);
    }

    private static Policies policies(Section root) {
        Section throttled = root.section("throttled", "max-wait", "then");
        Section conflict = root.section("conflict", "attempts", "backoff", "then");
        Section unavailable = root.section("unavailable", "attempts", "backoff");
        return new Policies(
                new ConflictPolicy(
                        conflict.value("attempts", Reading.wholeNumber(1, 100), 3),
                        conflict.value(
                                "backoff",
                                Reading.BACKOFF,
                                new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5))),
                        conflict.value("then", Reading.oneOf(Exhausted.class), Exhausted.SKIP)),
                new ThrottlePolicy(
                        throttled.value("max-wait", Reading.DURATION, Duration.ofMinutes(3)),
                        PAUSE_WHEN_THE_API_NAMES_NONE,
                        throttled.value("then", Reading.oneOf(Exhausted.class), Exhausted.DEFER)),
                new UnavailablePolicy(
                        unavailable.value("attempts", Reading.wholeNumber(1, 100), 5),
                        unavailable.value(
                                "backoff",
                                Reading.BACKOFF,
                                new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30)))),
                root.value(
                        "role-mismatch", Reading.oneOf(RoleMismatch.class), RoleMismatch.CORRECT));
    }

    private static JobFile.@Nullable Canary canary(Section section) {
        return section.isPresent()
                ? new JobFile.Canary(
                        section.value("per-role", Reading.wholeNumber(1, 10_000), 20),
                        section.value("stop-above", Reading.SHARE, Share.ofPercent("10")))
                : null;
    }

    private static BreakerSettings breaker(Section section) {
        BreakerSettings usual = BreakerSettings.DEFAULT;
        Reading<Duration> upToAnHour = Reading.duration(Duration.ofMillis(10), Duration.ofHours(1));
        Share failures = section.value("failures", Reading.SHARE, Share.ofPercent("50"));
        if (failures.fraction() == 0) {
            section.problem("failures", "the API would be left alone although nothing failed");
        }
        return new BreakerSettings(
                section.value("window", Reading.wholeNumber(1, 1_000), usual.window()),
                failures.fraction() == 0 ? usual.failures() : failures.fraction(),
                section.value("slow", upToAnHour, usual.slow()),
                section.value("open", upToAnHour, usual.open()),
                section.value("trial", Reading.wholeNumber(1, 1_000), usual.trial()),
                section.value("openings", Reading.wholeNumber(1, 1_000), usual.openings()));
    }

    private static JobFile.@Nullable FailureBudget failureBudget(Section section) {
        return section.isPresent()
                ? new JobFile.FailureBudget(
                        section.value("rows", Reading.SHARE, Share.ofPercent("5")),
                        section.value("at-least", Reading.wholeNumber(1, 1_000_000), 10))
                : null;
    }
}
