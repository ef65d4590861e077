package reconciler.cli;

import java.util.List;

/// Commands that only an installation with the stand-ins has: the simulator and the embedded
/// Postgres come in a jar of their own, which the launcher adds to the class path. Found by
/// `ServiceLoader`.
interface CommandsOfAnotherJar {
    /// Classes that picocli can make from a session, in the order of the help.
    List<Class<?>> commands();
}
