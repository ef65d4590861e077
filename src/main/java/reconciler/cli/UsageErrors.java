package reconciler.cli;

import java.math.BigInteger;
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
                .registerConverter(int.class, UsageErrors::smallNumber)
                .registerConverter(Integer.class, UsageErrors::smallNumber)
                .registerConverter(
                        short.class, text -> (short) number(text, Short.MIN_VALUE, Short.MAX_VALUE))
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
        return number(text, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    private static int smallNumber(String text) {
        return (int) number(text, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    private static long number(String text, long least, long most) {
        BigInteger number;
        try {
            number = new BigInteger(text);
        } catch (NumberFormatException wrong) {
            throw new TypeConversionException("'" + text + "' is not a whole number");
        }
        if (number.compareTo(BigInteger.valueOf(least)) < 0
                || number.compareTo(BigInteger.valueOf(most)) > 0) {
            throw new TypeConversionException(
                    "'" + text + "' is not from " + least + " to " + most);
        }
        return number.longValueExact();
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
