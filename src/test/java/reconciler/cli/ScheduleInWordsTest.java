package reconciler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import reconciler.run.JobFile;
import reconciler.run.Schedule;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ScheduleInWordsTest {
    @Test
    void firings_are_told_in_the_zone_of_the_job_and_in_utc() {
        assertThat(
                        words(
                                "{cron: \"30 * * * *\", zone: America/New_York, window: \"22:00-05:00\"}",
                                "2026-11-01T05:00:00Z"))
                .isEqualTo(
                        "j: 30 * * * * in America/New_York, in the window 22:00-05:00; next Sun 1 Nov 2026 01:30 (05:30"
                                + " UTC), Sun 1 Nov 2026 01:30 (06:30 UTC)");
    }

    @Test
    void in_utc_they_are_told_once() {
        assertThat(words("{cron: \"@daily\"}", "2026-11-01T05:00:00Z"))
                .isEqualTo("j: @daily in UTC; next Mon 2 Nov 2026 00:00, Tue 3 Nov 2026 00:00");
    }

    private static String words(String schedule, String now) {
        Schedule read =
                Objects.requireNonNull(
                        JobFile.parse("j.yml", "job: j\nschedule: " + schedule + "\n").schedule());
        return new ScheduleInWords("j", read).with(2, Instant.parse(now));
    }
}
