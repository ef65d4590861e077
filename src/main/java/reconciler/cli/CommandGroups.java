package reconciler.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.UsageMessageSpec;

/// The list of commands in `reconciler --help`, by what one wants to do.
final class CommandGroups {
    private static final int INDENT = 2;
    private static final int NAMES = 14;

    private static final Map<String, List<String>> GROUPS = groups();

    private CommandGroups() {}

    private static Map<String, List<String>> groups() {
        var groups = new LinkedHashMap<String, List<String>>();
        groups.put(
                "Prepare",
                List.of(
                        "template",
                        "validate",
                        "resolve",
                        "queue",
                        "sets",
                        "plan",
                        "approve",
                        "reject"));
        groups.put("Apply", List.of("run", "serve", "worker", "probe", "undo"));
        groups.put("Watch", List.of("status", "explain", "outcomes", "verify"));
        groups.put("Steer", List.of("stop", "resume", "pause", "unpause", "cancel", "redrive"));
        groups.put("Audit", List.of("audit", "purge"));
        groups.put(
                "Set up", List.of("demo", "doctor", "migrate", "simulator", "completion", "man"));
        return groups;
    }

    /// Lists the commands of `root` in groups.
    static void in(CommandLine root) {
        root.getHelpSectionMap()
                .put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, CommandGroups::list);
        root.getCommandSpec().usageMessage().commandListHeading("");
    }

    private static String list(Help help) {
        var left = new LinkedHashMap<String, Help>();
        help.subcommands()
                .forEach((name, command) -> {
                    if (!command.commandSpec().usageMessage().hidden()) {
                        left.put(name, command);
                    }
                });
        var text = new StringBuilder();
        GROUPS.forEach((title, names) -> {
            text.append("%n%s:%n".formatted(title));
            names.stream()
                    .filter(left::containsKey)
                    .forEach(name ->
                            text.append(line(name, Objects.requireNonNull(left.remove(name)))));
        });
        if (!left.isEmpty()) {
            text.append("%nMore:%n".formatted());
            left.forEach((name, command) -> text.append(line(name, command)));
        }
        return text.toString();
    }

    private static String line(String name, Help command) {
        UsageMessageSpec usage = command.commandSpec().usageMessage();
        String[] first = usage.header().length > 0 ? usage.header() : usage.description();
        return " ".repeat(INDENT)
                + name
                + " ".repeat(Math.max(1, NAMES - name.length()))
                + (first.length > 0 ? first[0].formatted() : "")
                + System.lineSeparator();
    }

    /// Commands that are in no group, for the test that there are none.
    static Set<String> ungrouped(CommandLine root) {
        var names = new TreeSet<String>();
        root.getSubcommands()
                .forEach((name, command) -> {
                    if (!command.getCommandSpec().usageMessage().hidden()) {
                        names.add(name);
                    }
                });
        GROUPS.values().forEach(names::removeAll);
        return names;
    }
}
