package reconciler.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import reconciler.run.ExitCode;

/// How a process ends that was asked to: by itself, with what came of its work.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class TerminationTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Session session =
            new Session(
                    Map.of(),
                    new Terminal(
                            new StandardOutput(new ByteArrayOutputStream()),
                            new PrintStream(err, true, StandardCharsets.UTF_8),
                            false),
                    InstantSource.system());

    @Test
    void what_fails_while_it_comes_to_its_end_is_told_with_its_own_exit_code() {
        int exit =
                Termination.during(
                        session,
                        stop -> {
                            stop.raise(ExitCode.STOPPED, "stopped on request");
                            throw away();
                        });
        assertThat(exit).isEqualTo(69);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("the database went away");
    }

    @Test
    void what_fails_while_nobody_asked_is_told_by_whoever_runs_the_command() {
        assertThatThrownBy(() ->
                        Termination.during(
                                session,
                                _ -> {
                                    throw away();
                                }))
                .hasMessage("the database went away");
        assertThat(err.size()).isZero();
    }

    private static CommandFailed away() {
        return new CommandFailed(ExitCode.UNAVAILABLE, "the database went away");
    }
}
