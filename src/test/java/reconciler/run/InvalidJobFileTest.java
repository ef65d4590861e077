package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class InvalidJobFileTest {
    @Test
    void every_error_is_told_at_once_in_the_order_of_the_file() {
        assertThat(
                        errors(
                                """
                                rate:
                                  learn: maybe
                                  per-minut: 300
                                conflict: {attempts: 0, attempts: 2, backoff: 5s..200ms, then: ignore}
                                job: nightly
                                canari: {}
                                verify: [5%]
                                select: {roles: [contact, Agent, contact]}
                                """))
                .containsExactly(
                        "nightly.yml:2:10: rate.learn: expected true or false, found \"maybe\"",
                        "nightly.yml:3:3: unknown key \"per-minut\", did you mean \"per-minute\"?",
                        "nightly.yml:4:22: conflict.attempts: expected a whole number from 1 to 100,"
                                + " found \"0\"",
                        "nightly.yml:4:25: duplicate key \"attempts\"",
                        "nightly.yml:4:47: conflict.backoff: expected two pauses, the shorter one"
                                + " first, such as 200ms..5s, found \"5s..200ms\"",
                        "nightly.yml:4:64: conflict.then: expected skip or defer, found \"ignore\"",
                        "nightly.yml:6:1: unknown key \"canari\", did you mean \"canary\"?",
                        "nightly.yml:7:9: verify: expected keys and values, found a list",
                        "nightly.yml:8:27: select.roles: expected a role such as contact or agent, in"
                                + " lower case, found \"Agent\"",
                        "nightly.yml:8:34: select.roles: contact twice");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    api: {timeout: 10}          | 16 | api.timeout: expected a duration from 100ms to 5m, such as 10s, found "10"
                    api: {timeout: 6m}          | 16 | api.timeout: expected a duration from 100ms to 5m, such as 10s, found "6m"
                    api: {timeout: [1s]}        | 16 | api.timeout: expected a duration from 100ms to 5m, such as 10s, found a list
                    api: {timeout: {a: 1}}      | 16 | api.timeout: expected a duration from 100ms to 5m, such as 10s, found keys and values
                    api: {timeout: }            | 15 | api.timeout: expected a duration from 100ms to 5m, such as 10s, found nothing
                    api: {in-flight: 1e3}       | 18 | api.in-flight: expected a whole number from 1 to 1000, found "1e3"
                    api: {in-flight: 99999999999} | 18 | api.in-flight: expected a whole number from 1 to 1000, found "99999999999"
                    throttled: {max-wait: -1s}  | 23 | throttled.max-wait: expected a duration such as 200ms, 10s, 3m or 1h, found "-1s"
                    unavailable: {backoff: 1s}  | 24 | unavailable.backoff: expected two pauses, the shorter one first, such as 200ms..5s, found "1s"
                    unavailable: {backoff: 0s..1s} | 24 | unavailable.backoff: expected two pauses, the shorter one first, such as 200ms..5s, found "0s..1s"
                    verify: {sample: 5}         | 18 | verify.sample: expected a percentage from 0% to 100%, such as 5%, found "5"
                    rate: {leave: 100%}         | 15 | rate.leave: all of it leaves nothing to send with
                    verify: {sample: 101%}      | 18 | verify.sample: expected a percentage from 0% to 100%, such as 5%, found "101%"
                    partitions: {per-role: 1025} | 24 | partitions.per-role: expected auto or a whole number from 1 to 1024, found "1025"
                    role-mismatch: guess        | 16 | role-mismatch: expected correct or reject, found "guess"
                    before-image: on            | 15 | before-image: expected read or off, found "on"
                    schedule: {zone: UTC}       | 11 | missing key "schedule.cron"
                    schedule: {cron: "0 0 2 * * *"} | 18 | schedule.cron: "0 0 2 * * *": expected five fields (minute hour day-of-month month day-of-week), such as "0 2 * * *", found 6: leave out the first one, the seconds of Quartz and Spring
                    schedule: {cron: "@reboot"} | 18 | schedule.cron: "@reboot": @reboot is no time: `serve` runs after its start what it missed (misfire: run-once); to run at every start of the machine, let systemd or cron call `reconciler run`
                    schedule: {cron: @daily}      | 18 | not YAML: found character '@' that cannot start any token. (Do not use @ for indentation): put the schedule in quotes, such as cron: "*/5 * * * *"
                    schedule: {cron: */5 * * * *} | 19 | not YAML: unexpected character found /(47): put the schedule in quotes, such as cron: "*/5 * * * *"
                    schedule: {cron: "0 25 * * *"} | 18 | schedule.cron: "0 25 * * *": the hour is a number from 0 to 23, found 25
                    schedule: {cron: "0 2 31 2 *"} | 18 | schedule.cron: never fires: no month that it names has such a day
                    schedule: {cron: "0 2 * * *", window: "03:00-05:00"} | 18 | schedule.cron: never fires inside the window
                    schedule: {cron: "0 2 * * *", window: "03:00-03:00"} | 39 | schedule.window: "03:00-03:00": a window of no length is never open: give two different times, or leave `window` out for the whole day
                    schedule: {cron: "0 2 * * *", zone: Mars/Olympus} | 37 | schedule.zone: "Mars/Olympus": expected a time zone such as America/New_York or UTC
                    schedule: {cron: "0 2 * * *", zone: new york} | 37 | schedule.zone: "new york": expected a time zone such as America/New_York or UTC, did you mean America/New_York?
                    schedule: {cron: "0 2 * * *", zone: EST} | 37 | schedule.zone: "EST": EST has no daylight saving: name a place, such as America/New_York, or an offset, such as -05:00
                    select: {roles: []}         | 17 | select.roles: expected a list with at least one entry, found a list
                    select: {roles: contact}    | 17 | select.roles: expected a list with at least one entry, found "contact"
                    retries: 3                  |  1 | unknown key "retries"; known are job, schedule, express, select, partitions, api, rate, throttled, conflict, unavailable, role-mismatch, before-image, verify, canary, failure-budget, breaker
                    [a, b]: 3                   |  1 | a key is a single word
                    """)
    void a_wrong_value_is_told_with_its_place(String line, int column, String message) {
        assertThat(errors("job: nightly\n" + line + "\n"))
                .containsExactly("nightly.yml:2:" + column + ": " + message);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    ''                 | 1:1: the file is empty: the least a job file says is its name, "job"
                    '# nothing'        | 1:1: the file is empty: the least a job file says is its name, "job"
                    nightly            | 1:1: expected keys and values, found "nightly"
                    - job: nightly     | 1:1: expected keys and values, found a list
                    rate: {}           | 1:1: missing key "job"
                    job: hourly        | 1:6: job: expected "nightly", as the file is called, found "hourly"
                    job: {a            | 2:1: not YAML: expected ',' or '}', but got <stream end>
                    """)
    void a_wrong_file_is_told_with_its_place(String text, String message) {
        assertThat(errors(text + "\n")).containsExactly("nightly.yml:" + message);
    }

    @Test
    void a_second_document_is_not_ignored() {
        assertThat(errors("job: nightly\n---\njob: nightly\n"))
                .containsExactly("nightly.yml:2:1: not YAML: but found another document");
    }

    private static List<String> errors(String text) {
        try {
            JobFile.parse("nightly.yml", text);
        } catch (InvalidJobFile invalid) {
            assertThatExceptionOfType(InvalidJobFile.class)
                    .isThrownBy(() -> JobFile.parse("nightly.yml", text))
                    .withMessage(String.join("\n", invalid.messages()));
            return invalid.messages();
        }
        return List.of();
    }
}
