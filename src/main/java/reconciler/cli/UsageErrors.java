package reconciler.cli;

import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;
import reconciler.run.ExitCode;

/// What is wrong with a command line: one sentence, and where to read on.
final class UsageErrors implements IParameterExceptionHandler {
    private final Terminal terminal;

    UsageErrors(Terminal terminal) {
        this.terminal = terminal;
    }

    /// Lets a command and its subcommands speak like this.
    void mindedBy(CommandLine command) {
        command.setParameterExceptionHandler(this)
                .registerConverter(long.class, UsageErrors::number)
                .registerConverter(Long.class, UsageErrors::number)
                .registerConverter(
                        int.class,
                        text -> Math.clamp(number(text), Integer.MIN_VALUE, Integer.MAX_VALUE))
                .registerConverter(
                        Integer.class,
                        text -> Math.clamp(number(text), Integer.MIN_VALUE, Integer.MAX_VALUE))
                .registerConverter(
                        short.class,
                        text -> (short) Math.clamp(number(text), Short.MIN_VALUE, Short.MAX_VALUE))
                .registerConverter(UUID.class, UsageErrors::uuid);
    }

    @Override
    public int handleParseException(ParameterException wrong, String[] arguments) {
        String command = wrong.getCommandLine().getCommandSpec().qualifiedName();
        terminal.say(
                "reconciler: "
                        + String.valueOf(wrong.getMessage()).replaceFirst("^Error: ", "")
                        + meant(wrong)
                        + "; `"
                        + command
                        + " --help` shows how");
        return ExitCode.USAGE.code();
    }

    private static String meant(ParameterException wrong) {
        if (!(wrong instanceof UnmatchedArgumentException unmatched)) {
            return "";
        }
        List<String> suggestions = unmatched.getSuggestions();
        return suggestions.isEmpty()
                ? ""
                : suggestions.stream()
                        .limit(3)
                        .collect(Collectors.joining(" or ", " (did you mean ", "?)"));
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException wrong) {
            throw new TypeConversionException("'" + text + "' is not a whole number");
        }
    }

    private static UUID uuid(String text) {
        try {
            if (text.length() == 36) {
                return UUID.fromString(text);
            }
        } catch (IllegalArgumentException wrong) {
            // Said below.
        }
        throw new TypeConversionException(
                "'" + text + "' is not a UUID such as 593b4716-4c81-4ef8-9cbb-d5bc510e246c");
    }
}
