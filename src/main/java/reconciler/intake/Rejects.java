package reconciler.intake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/// The bad lines of a file as a file: what is wrong in front, then the columns as they came, to be
/// corrected and queued again. Appears whole or not at all, and only when there are bad lines;
/// readable by its owner alone, since it holds attribute values.
final class Rejects implements AutoCloseable {
    private final @Nullable Path target;
    private @Nullable Path unfinished;
    private @Nullable Writer writer;

    /// @param target null when nobody asked for one
    Rejects(@Nullable Path target) {
        this.target = target;
    }

    /// Why the file cannot be written there without harm; null when it can. It takes the place of
    /// what is there: that must be no link and no other kind of file, and not the source itself, by
    /// whatever path or link.
    static @Nullable String unfit(@Nullable Path target, Source source) {
        if (target == null) {
            return null;
        }
        String file = "the rejects file " + target;
        if (isOne(target, source)) {
            return file + " is the file that is read, and would take its place: name another";
        }
        if (Files.isSymbolicLink(target)) {
            return file + " is a link: name the file that it leads to";
        }
        if (Files.isDirectory(target)) {
            return file + " is a directory: name a file in it";
        }
        return Files.exists(target) && !Files.isRegularFile(target)
                ? file + " is a device or a pipe: name a file"
                : null;
    }

    private static boolean isOne(Path target, Source source) {
        try {
            return source.path() != null
                    && Files.exists(source.path())
                    && Files.exists(target)
                    && Files.isSameFile(target, source.path());
        } catch (IOException failure) {
            throw unwritable(target, failure);
        }
    }

    void add(Records records, Row row) {
        if (target == null) {
            return;
        }
        try {
            if (writer == null) {
                writer = begin(target);
                writer.write(records.beginning());
            }
            writer.write(records.rejected(row));
        } catch (IOException failure) {
            throw unwritable(target, failure);
        }
    }

    /// Puts the file in its place.
    void keep() {
        if (target == null || writer == null || unfinished == null) {
            return;
        }
        try {
            writer.close();
            Files.move(unfinished, target, StandardCopyOption.REPLACE_EXISTING);
            writer = null;
        } catch (IOException failure) {
            throw unwritable(target, failure);
        }
    }

    @Override
    public void close() {
        try {
            if (writer != null && unfinished != null) {
                writer.close();
                Files.deleteIfExists(unfinished);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot remove " + unfinished, failure);
        }
    }

    private Writer begin(Path file) {
        try {
            Path directory = file.toAbsolutePath().getParent();
            unfinished = Files.createTempFile(directory, "." + file.getFileName(), ".part");
            return Files.newBufferedWriter(unfinished);
        } catch (IOException failure) {
            throw unwritable(file, failure);
        }
    }

    private static UncheckedIOException unwritable(Path file, IOException failure) {
        return new UncheckedIOException("cannot write the rejects file " + file, failure);
    }
}
