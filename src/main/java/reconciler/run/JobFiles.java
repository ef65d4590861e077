package reconciler.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The jobs that exist: the files `<job>.yml` or `<job>.yaml` of one directory.
public final class JobFiles {
    private static final Pattern JOB_FILE = Pattern.compile("([^.].*)[.]ya?ml");

    /// What somebody may have meant as a job file.
    private static final Pattern SIMILAR =
            Pattern.compile("[^.].*[.]ya?ml\\b.*", Pattern.CASE_INSENSITIVE);

    private final Path directory;

    public JobFiles(Path directory) {
        this.directory = directory;
    }

    /// In alphabetical order; whether the files are right is not looked at.
    ///
    /// @throws InvalidJobFile when the directory cannot be read
    public List<String> names() {
        return fileNames()
                .map(JOB_FILE::matcher)
                .filter(Matcher::matches)
                .map(name -> name.group(1))
                .distinct()
                .toList();
    }

    /// The files that look like job files and are none, in alphabetical order.
    public List<String> passedOver() {
        return fileNames()
                .filter(name -> SIMILAR.matcher(name).matches())
                .filter(name -> !JOB_FILE.matcher(name).matches())
                .toList();
    }

    private Stream<String> fileNames() {
        try (Stream<Path> files = Files.list(directory)) {
            return files
                    .filter(file -> !Files.isDirectory(file))
                    .map(file -> file.getFileName().toString())
                    .sorted()
                    .toList()
                    .stream();
        } catch (IOException unreadable) {
            throw failure(
                    "no job files: the directory "
                            + directory
                            + " cannot be read (RECONCILER_JOBS_DIR names it)");
        }
    }

    /// @throws InvalidJobFile with every error of the file, or with the jobs that exist
    public JobFile load(String job) {
        List<String> names = names();
        if (!names.contains(job)) {
            throw failure(
                    "no job \""
                            + job
                            + "\" in "
                            + directory
                            + (names.isEmpty()
                                    ? ": there is no file *.yml or *.yaml"
                                    : ": there are " + String.join(", ", names)));
        }
        return read(job);
    }

    /// @throws InvalidJobFile with every error of every file
    public List<JobFile> loadAll() {
        List<JobFile> jobs = new ArrayList<>();
        List<String> messages = new ArrayList<>();
        for (String name : names()) {
            try {
                jobs.add(read(name));
            } catch (InvalidJobFile invalid) {
                messages.addAll(invalid.messages());
            }
        }
        if (!messages.isEmpty()) {
            throw new InvalidJobFile(messages);
        }
        return List.copyOf(jobs);
    }

    private JobFile read(String job) {
        String fileName = fileName(job);
        try {
            return JobFile.parse(
                    fileName, decode(fileName, Files.readAllBytes(directory.resolve(fileName))));
        } catch (IOException unreadable) {
            throw failure(directory.resolve(fileName) + " cannot be read");
        }
    }

    /// @throws InvalidJobFile when there are two of them
    private String fileName(String job) {
        List<String> both =
                Stream.of(job + ".yml", job + ".yaml")
                        .filter(name -> Files.exists(directory.resolve(name)))
                        .toList();
        if (both.size() > 1) {
            throw failure(
                    "there are two files of the job \""
                            + job
                            + "\" in "
                            + directory
                            + ": "
                            + String.join(" and ", both)
                            + "; leave one");
        }
        return both.isEmpty() ? job + ".yml" : both.getFirst();
    }

    private static String decode(String fileName, byte[] bytes) {
        ByteBuffer unread = ByteBuffer.wrap(bytes);
        CharBuffer text = CharBuffer.allocate(bytes.length);
        CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(unread, text, true);
        text.flip();
        if (result.isError()) {
            long line = 1 + text.chars().filter(character -> character == '\n').count();
            throw failure(fileName + ":" + line + ":1: the line is not UTF-8");
        }
        return text.toString();
    }

    private static InvalidJobFile failure(String message) {
        return new InvalidJobFile(List.of(message));
    }
}
