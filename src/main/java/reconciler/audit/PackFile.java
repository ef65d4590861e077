package reconciler.audit;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// A pack on disk. It has its name only once it is whole and on the disk; until then it is beside
/// it, with `.part` at the end. A file of that name that was there before is never replaced.
public final class PackFile implements EvidencePack.Destination {
    private final Path path;
    private final Path part;
    private boolean kept;

    public PackFile(Path path) {
        this.path = path;
        this.part = path.resolveSibling(path.getFileName() + ".part");
    }

    /// It exists already, or cannot be written.
    public static final class Unusable extends RuntimeException {
        Unusable(String message) {
            super(message);
        }
    }

    @Override
    public OutputStream open() {
        demandNew();
        try {
            return Files.newOutputStream(
                    part,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE);
        } catch (IOException failure) {
            throw unwritable(failure);
        }
    }

    @Override
    public void keep() {
        demandNew();
        try {
            try (FileChannel written = FileChannel.open(part, StandardOpenOption.WRITE)) {
                written.force(true);
            }
            Files.move(part, path, StandardCopyOption.ATOMIC_MOVE);
            kept = true;
        } catch (IOException failure) {
            throw unwritable(failure);
        }
    }

    @Override
    public void discard() {
        try {
            Files.deleteIfExists(kept ? path : part);
        } catch (IOException failure) {
            throw unwritable(failure);
        }
    }

    private void demandNew() {
        if (Files.exists(path)) {
            throw new Unusable(path + " exists; name another file");
        }
    }

    private Unusable unwritable(IOException failure) {
        return new Unusable(path + " cannot be written: " + failure);
    }
}
