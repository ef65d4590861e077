package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class JobFilesTest {
    @TempDir Path directory;

    @Test
    void a_job_is_found_by_its_name() throws IOException {
        write("nightly.yml", "job: nightly\n");
        write("crontab.example", "not a job");
        var files = new JobFiles(directory);
        assertThat(files.names()).containsExactly("nightly");
        assertThat(files.load("nightly").text()).isEqualTo("job: nightly\n");
    }

    @Test
    void both_endings_are_read_and_a_job_has_one_file() throws IOException {
        write("nightly.yml", "job: nightly\n");
        write("weekly.yaml", "job: weekly\n");
        var files = new JobFiles(directory);
        assertThat(files.loadAll()).extracting(JobFile::job).containsExactly("nightly", "weekly");
        assertThat(files.passedOver()).isEmpty();

        write("weekly.yml", "job: weekly\n");
        write("monthly.yml.bak", "job: monthly\n");
        assertThat(files.names()).containsExactly("nightly", "weekly");
        assertThat(files.passedOver()).containsExactly("monthly.yml.bak");
        assertThatExceptionOfType(InvalidJobFile.class)
                .isThrownBy(() -> files.load("weekly"))
                .withMessageContaining("weekly.yml and weekly.yaml; leave one");
    }

    @Test
    void the_files_that_are_shipped_are_right() {
        assertThat(new JobFiles(Path.of("jobs")).loadAll())
                .extracting(JobFile::job)
                .containsExactly("express", "nightly", "urgent");
    }

    @Test
    void an_unknown_name_is_answered_with_the_jobs_that_exist() throws IOException {
        var files = new JobFiles(directory);
        assertThatExceptionOfType(InvalidJobFile.class)
                .isThrownBy(() -> files.load("nightly"))
                .withMessage(
                        "no job \"nightly\" in "
                                + directory
                                + ": there is no file *.yml or *.yaml");
        write("urgent.yml", "job: urgent\n");
        write("hourly.yml", "job: hourly\n");
        assertThatExceptionOfType(InvalidJobFile.class)
                .isThrownBy(() -> files.load("../nightly"))
                .withMessage(
                        "no job \"../nightly\" in " + directory + ": there are hourly, urgent");
    }

    @Test
    void all_files_are_judged_together() throws IOException {
        write("a.yml", "job: b\n");
        write("b.yml", "job: b\n");
        write("c.yml", "");
        assertThatExceptionOfType(InvalidJobFile.class)
                .isThrownBy(() -> new JobFiles(directory).loadAll())
                .satisfies(invalid ->
                        assertThat(invalid.messages())
                                .satisfiesExactly(
                                        first -> assertThat(first).startsWith("a.yml:1:6:"),
                                        last -> assertThat(last).startsWith("c.yml:1:1:")));
    }

    @Test
    void bytes_that_are_not_utf_8_are_told_with_their_line() throws IOException {
        Files.write(
                directory.resolve("nightly.yml"),
                "job: nightly\n# fünf\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThatExceptionOfType(InvalidJobFile.class)
                .isThrownBy(() -> new JobFiles(directory).load("nightly"))
                .withMessage("nightly.yml:2:1: the line is not UTF-8");
    }

    @Test
    void a_directory_that_is_not_there_is_told() {
        Path absent = directory.resolve("absent");
        assertThatExceptionOfType(InvalidJobFile.class)
                .isThrownBy(() -> new JobFiles(absent).names())
                .withMessage(
                        "no job files: the directory "
                                + absent
                                + " cannot be read (RECONCILER_JOBS_DIR names it)");
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }
}
