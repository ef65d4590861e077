package reconciler.run;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.yaml.snakeyaml.error.Mark;

/// What is wrong with one file. Collected, so that all of it can be said at once.
final class Problems {
    private record Problem(int line, int column, String text) {}

    private final String fileName;
    private final List<Problem> found = new ArrayList<>();

    Problems(String fileName) {
        this.fileName = fileName;
    }

    void at(Mark mark, String text) {
        at(mark.getLine() + 1, mark.getColumn() + 1, text);
    }

    void at(int line, int column, String text) {
        found.add(new Problem(line, column, text));
    }

    void throwIfAny() {
        if (!found.isEmpty()) {
            throw failure();
        }
    }

    InvalidJobFile failure() {
        return new InvalidJobFile(
                found.stream()
                        .sorted(
                                Comparator.comparingInt(Problem::line)
                                        .thenComparingInt(Problem::column))
                        .map(problem ->
                                fileName
                                        + ":"
                                        + problem.line()
                                        + ":"
                                        + problem.column()
                                        + ": "
                                        + problem.text())
                        .toList());
    }
}
