package reconciler.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/// What is written: Markdown, JSON and pictures, after each workload, so that a bench that is
/// stopped leaves what it has.
final class Report {
    private final Path directory;
    private final Machine machine;
    private final List<Section> sections = new ArrayList<>();

    Report(Path directory, Machine machine) {
        this.directory = directory;
        this.machine = machine;
    }

    void add(Comparison comparison) {
        add(comparison.section());
    }

    void add(Section section) {
        sections.add(section);
    }

    void write() throws IOException {
        Files.writeString(directory.resolve("bench.md"), markdown());
        Files.writeString(directory.resolve("bench.json"), json());
        for (Section section : sections) {
            for (var picture : section.pictures().entrySet()) {
                Files.writeString(directory.resolve(picture.getKey()), picture.getValue());
            }
        }
    }

    String markdown() {
        return "# Bench\n\nMeasured on "
                + machine.inWords()
                + ".\n\n"
                + sections.stream().map(Section::markdown).collect(Collectors.joining());
    }

    private String json() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("machine", machine.inWords());
        sections.forEach(section -> all.put(section.title(), section.figures()));
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(all) + "\n";
    }
}
