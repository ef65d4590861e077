package reconciler.cli;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reconciler.run.ExitCode;

/// `reconciler template`
@Command(
        name = "template",
        mixinStandardHelpOptions = true,
        header = "Print an empty CSV file with the right header, and its rules.",
        description =
                "The header goes to standard output, the rules and an example to standard error: the file has no line that"
                        + " could be queued by mistake.",
        footer = {
            "",
            "Examples:",
            "  reconciler template > changes.csv",
            "  reconciler template --wide tier,language > changes.csv     one column for each attribute"
        })
final class TemplateCommand implements Callable<Integer> {
    private static final List<String> WHO =
            List.of("conversation_id", "participant_id", "participant_role");
    private static final List<String> OPTIONAL = List.of("not_before", "apply_by");
    private static final String EXAMPLE =
            "a1b2c3d4-0000-4000-8000-000000000001,a1b2c3d4-0000-4000-8000-000000000002,contact";

    private final Session session;

    @Option(
            names = "--wide",
            paramLabel = "NAME,..",
            split = ",",
            description =
                    "The wide form: one line for each participant, one column for each of these attributes.")
    private List<String> wide = new ArrayList<>();

    @Option(
            names = "-o",
            paramLabel = "FORMAT",
            defaultValue = "csv",
            description = "csv. Default: ${DEFAULT-VALUE}")
    private Form form = Form.CSV;

    /// Of the file.
    enum Form {
        CSV
    }

    TemplateCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        List<String> attributes = wide.stream().map(String::strip).toList();
        if (attributes.stream().anyMatch(String::isEmpty)
                || new LinkedHashSet<>(attributes).size() < attributes.size()) {
            throw new CommandFailed(
                    ExitCode.USAGE,
                    "--wide is a list of different attribute names, such as --wide tier,language");
        }
        switch (form) {
            case CSV -> CsvSheet.exact(session.terminal().out(), columns(attributes)).close();
        }
        rules(attributes).forEach(session.terminal()::say);
        return ExitCode.OK.code();
    }

    private static List<String> columns(List<String> attributes) {
        var columns = new ArrayList<>(WHO);
        if (attributes.isEmpty()) {
            columns.addAll(List.of("attribute_name", "attribute_value"));
        }
        attributes.forEach(name -> columns.add("attr:" + name));
        columns.addAll(OPTIONAL);
        return columns;
    }

    private static List<String> rules(List<String> attributes) {
        var rules = new ArrayList<String>();
        rules.add("conversation_id, participant_id: UUIDs. participant_role: contact or agent.");
        if (attributes.isEmpty()) {
            rules.add("attribute_name: at most 256 characters. One line for each attribute.");
            rules.add(
                    "attribute_value: at most 8192 bytes; empty values need `queue --allow-empty`.");
        } else {
            rules.add(
                    "attr:NAME: the new value of the attribute NAME; an empty cell leaves it alone.");
        }
        rules.add(
                "not_before, apply_by: a time with its offset, such as 2026-11-23T18:00:00Z, or nothing. Both columns may be left out.");
        rules.add("Example: " + EXAMPLE + example(attributes) + ",,");
        rules.add("Then: `reconciler validate changes.csv`, `reconciler queue changes.csv`.");
        return rules;
    }

    private static String example(List<String> attributes) {
        return attributes.isEmpty() ? ",tier,gold" : ",gold".repeat(attributes.size());
    }
}
