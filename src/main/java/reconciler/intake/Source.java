package reconciler.intake;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// Bytes that are read as a stream; gzip is unpacked on the way.
///
/// @param name what messages and the change set call it
/// @param repeatable whether they can be read more than once
public record Source(String name, Opening opening, FileForm form, boolean repeatable) {
    /// Opens the bytes; whoever opens closes.
    public interface Opening {
        InputStream open() throws IOException;
    }

    public static Source file(Path path) {
        return new Source(
                path.getFileName().toString(),
                () -> Files.newInputStream(path),
                FileForm.DETECTED,
                Files.isRegularFile(path));
    }

    /// Standard input, or anything else that is open already.
    public static Source stream(String name, InputStream stream) {
        return new Source(name, () -> stream, FileForm.DETECTED, false);
    }

    public Source in(FileForm known) {
        return new Source(name, opening, known, repeatable);
    }
}
