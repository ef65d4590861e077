package reconciler.settings;

import java.io.IOException;
import java.nio.file.Path;

/// A secret file is there and cannot be read. The message is one sentence for the operator.
public final class UnreadableSecret extends RuntimeException {
    UnreadableSecret(Path file, IOException why) {
        super(
                "the secret file "
                        + file
                        + " cannot be read ("
                        + why.getClass().getSimpleName()
                        + "): let this user read it, or set "
                        + file.getFileName()
                        + " in the environment",
                why);
    }
}
