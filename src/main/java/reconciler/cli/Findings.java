package reconciler.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import reconciler.run.ExitCode;
import reconciler.run.InvalidJobFile;

/// What the checks of `doctor` found, in their order.
final class Findings {
    private final Session session;
    private final List<Finding> found = new ArrayList<>();

    Findings(Session session) {
        this.session = session;
    }

    /// @param result `ok`, `WRONG`, or `warning`: it may be meant
    private record Finding(String check, String result, ExitCode exitCode, String says) {}

    /// A check that throws has found something; the others go on.
    void check(String name, Supplier<String> check) {
        try {
            found.add(new Finding(name, "ok", ExitCode.OK, check.get()));
        } catch (InvalidJobFile invalid) {
            invalid.messages()
                    .forEach(says ->
                            found.add(new Finding(name, "WRONG", ExitCode.CONFIGURATION, says)));
        } catch (RuntimeException wrong) {
            Failures.Meaning meaning = new Failures(session).meaning(wrong);
            found.add(new Finding(name, "WRONG", meaning.exitCode(), meaning.message()));
        }
    }

    /// What may be meant.
    void warn(String name, String says) {
        found.add(new Finding(name, "warning", ExitCode.OK, says));
    }

    void show(Sheet sheet) {
        found.forEach(
                finding -> sheet.row(List.of(finding.check(), finding.result(), finding.says())));
    }

    /// That of the first that is wrong.
    ExitCode exitCode() {
        return found.stream()
                .map(Finding::exitCode)
                .filter(code -> code != ExitCode.OK)
                .findFirst()
                .orElse(ExitCode.OK);
    }
}
