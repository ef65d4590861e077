package reconciler.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Where data goes, in UTF-8. What a `PrintStream` swallows is remembered here: a file that was cut
/// off must not pass for a whole one.
final class StandardOutput extends PrintStream {
    private final Sink sink;
    private Screen screen;

    /// A file or a pipe.
    StandardOutput(OutputStream out) {
        this(out, Screen.PLAIN);
    }

    StandardOutput(OutputStream out, Screen screen) {
        this(new Sink(out), screen);
    }

    private StandardOutput(Sink sink, Screen screen) {
        super(sink, true, StandardCharsets.UTF_8);
        this.sink = sink;
        this.screen = screen;
    }

    Screen screen() {
        return screen;
    }

    /// As the option `--color` says.
    void show(Screen.Colour when) {
        screen = screen.in(when);
    }

    /// Why what was written is not whole. Null when it is, and when whoever read it has gone, as
    /// `head` does: that one has what it wanted.
    @Nullable String loss() {
        IOException failure = sink.failure;
        return failure == null || isOfReader(failure) ? null : String.valueOf(failure.getMessage());
    }

    /// For work that is of no use unless it is written.
    ///
    /// @throws Shut when nothing more can be
    void demandOpen() {
        if (sink.failure != null) {
            throw new Shut();
        }
    }

    /// The words of the operating system are all there is to tell by.
    private static boolean isOfReader(IOException failure) {
        return String.valueOf(failure.getMessage())
                .toLowerCase(Locale.ROOT)
                .contains("broken pipe");
    }

    /// Nothing more can be written. Said at the command's end, like any loss.
    static final class Shut extends RuntimeException {}

    /// Takes nothing more after the first failure, so that what is there has an end and no hole.
    private static final class Sink extends OutputStream {
        private final OutputStream out;
        private volatile @Nullable IOException failure;

        Sink(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int one) {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            if (failure != null) {
                return;
            }
            try {
                out.write(bytes, from, length);
            } catch (IOException lost) {
                failure = lost;
            }
        }

        @Override
        public void flush() {
            if (failure != null) {
                return;
            }
            try {
                out.flush();
            } catch (IOException lost) {
                failure = lost;
            }
        }
    }
}
