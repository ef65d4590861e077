package reconciler.cli;

import java.util.List;

/// What the jar of the stand-ins adds to the command line.
public final class StandInCommands implements CommandsOfAnotherJar {
    @Override
    public List<Class<?>> commands() {
        return List.of(DemoCommand.class, SimulatorCommand.class);
    }
}
