package reconciler.intake;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Bytes that are read as a stream; gzip and zip are unpacked on the way.
///
/// @param name what messages and the change set call it
/// @param path where they are, when that is known
/// @param repeatable whether they can be read more than once
public record Source(
        String name, @Nullable Path path, Opening opening, FileForm form, boolean repeatable) {
    /// Opens the bytes; the one that opens them closes them.
    public interface Opening {
        InputStream open() throws IOException;
    }

    /// A file; a pipe is read once, as standard input is.
    public static Source file(Path path) {
        boolean isFile = Files.isRegularFile(path);
        return new Source(
                isFile ? path.getFileName().toString() : path.toString(),
                path,
                () -> Files.newInputStream(path),
                FileForm.DETECTED,
                isFile);
    }

    /// Standard input, or anything else that is open already.
    public static Source stream(String name, InputStream stream) {
        return new Source(name, null, () -> stream, FileForm.DETECTED, false);
    }

    /// The process's own input, which may be a file too.
    public static Source standardInput(InputStream stream) {
        return new Source(
                "standard input", Path.of("/dev/stdin"), () -> stream, FileForm.DETECTED, false);
    }

    public Source in(FileForm known) {
        return new Source(name, path, opening, known, repeatable);
    }
}
