package reconciler.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/// A command's page for `man`, made from the same words as its `--help`.
record ManPage(CommandSpec command) {
    private static final String SECTION = "1";

    /// The page of a command and of everything below it.
    static List<ManPage> all(CommandSpec root) {
        List<ManPage> pages = new ArrayList<>(List.of(new ManPage(root)));
        visible(root).forEach(sub -> pages.addAll(all(sub)));
        return pages;
    }

    /// Such as `reconciler-plan`.
    String name() {
        return command.qualifiedName("-");
    }

    String text() {
        var page = new StringBuilder();
        line(page, ".TH " + quoted(name().toUpperCase(Locale.ROOT)) + " " + SECTION);
        section(page, "NAME");
        line(page, escaped(name()) + " \\- " + escaped(summary(command)));
        section(page, "SYNOPSIS");
        verbatim(page, synopsis().lines());
        section(page, "DESCRIPTION");
        line(page, escaped(described(command)));
        arguments(page);
        commands(page);
        footer(page);
        seeAlso(page);
        return page.toString();
    }

    private String synopsis() {
        return new Help(command, Help.defaultColorScheme(Ansi.OFF)).synopsis(0).strip();
    }

    private void arguments(StringBuilder page) {
        List<ArgSpec> arguments =
                Stream.<ArgSpec>concat(
                                command.positionalParameters().stream(), command.options().stream())
                        .filter(argument -> !argument.hidden())
                        .toList();
        if (!arguments.isEmpty()) {
            section(page, "OPTIONS");
        }
        for (ArgSpec argument : arguments) {
            line(page, ".TP");
            line(page, "\\fB" + escaped(label(argument)) + "\\fR");
            line(page, escaped(described(argument)));
        }
    }

    private static String label(ArgSpec argument) {
        return switch (argument) {
            case OptionSpec option ->
                    String.join(", ", option.names())
                            + (option.arity().max() == 0 ? "" : " " + option.paramLabel());
            case PositionalParamSpec positional -> positional.paramLabel();
            default -> throw new IllegalStateException("neither option nor parameter: " + argument);
        };
    }

    private static String described(ArgSpec argument) {
        return String.join(" ", argument.description())
                .replace("${DEFAULT-VALUE}", String.valueOf(argument.defaultValue()));
    }

    private void commands(StringBuilder page) {
        List<CommandSpec> below = visible(command).toList();
        if (!below.isEmpty()) {
            section(page, "COMMANDS");
        }
        for (CommandSpec sub : below) {
            line(page, ".TP");
            line(page, "\\fB" + escaped(sub.name()) + "\\fR");
            line(page, escaped(summary(sub)));
        }
    }

    /// Examples and what else stands below the options; its layout is its own.
    private void footer(StringBuilder page) {
        UsageMessageSpec usage = command.usageMessage();
        if (usage.footer().length == 0) {
            return;
        }
        String heading = usage.footerHeading().replace("%n", "").replace(":", "").strip();
        section(page, heading.isEmpty() ? "EXAMPLES AND NOTES" : heading.toUpperCase(Locale.ROOT));
        verbatim(page, Stream.of(usage.footer()).dropWhile(String::isEmpty));
    }

    private void seeAlso(StringBuilder page) {
        CommandSpec parent = command.parent() == null ? command : command.parent();
        String others =
                Stream.concat(Stream.of(command.root()), visible(parent))
                        .map(spec -> spec.qualifiedName("-"))
                        .filter(name -> !name.equals(name()))
                        .distinct()
                        .map(name -> escaped(name) + "(" + SECTION + ")")
                        .collect(Collectors.joining(", "));
        section(page, "SEE ALSO");
        line(page, others);
    }

    private static Stream<CommandSpec> visible(CommandSpec command) {
        return command.subcommands().values().stream()
                .map(CommandLine::getCommandSpec)
                .filter(sub -> !sub.usageMessage().hidden());
    }

    private static String summary(CommandSpec command) {
        String[] header = command.usageMessage().header();
        return header.length > 0 ? String.join(" ", header) : described(command);
    }

    private static String described(CommandSpec command) {
        return String.join(" ", command.usageMessage().description());
    }

    private static void section(StringBuilder page, String title) {
        line(page, ".SH " + quoted(title));
    }

    private static void verbatim(StringBuilder page, Stream<String> lines) {
        line(page, ".nf");
        lines.forEach(text -> line(page, escaped(text)));
        line(page, ".fi");
    }

    private static void line(StringBuilder page, String text) {
        page.append(text).append('\n');
    }

    private static String quoted(String text) {
        return '"' + text + '"';
    }

    /// A dot or an apostrophe at the beginning of a line would be a request to the formatter.
    private static String escaped(String text) {
        String plain = text.replace("\\", "\\e").replace("-", "\\-");
        return plain.startsWith(".") || plain.startsWith("'") ? "\\&" + plain : plain;
    }
}
