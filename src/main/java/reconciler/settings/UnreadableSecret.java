package reconciler.settings;

import java.io.IOException;
import java.nio.file.Path;

/// A setting is there and cannot be read. The message is one sentence for the operator.
public final class UnreadableSecret extends RuntimeException {
    /// Of a variable that is not UTF-8.
    UnreadableSecret(String variable) {
        super(
                variable
                        + " is not UTF-8: write it in UTF-8, and where Java is started without the launcher, with LC_ALL=C.UTF-8");
    }

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
