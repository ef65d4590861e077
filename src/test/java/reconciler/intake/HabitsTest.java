package reconciler.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import reconciler.Seed;
import reconciler.intake.HabitualFile.Form;
import reconciler.intake.HabitualFile.Meant;
import reconciler.intake.HabitualFile.Named;
import reconciler.intake.HabitualFile.Packing;

/// Files from a grammar of what people and programs do: each line is queued as it is meant, or
/// named with its line and column; a broken file ends in one sentence, and never in a bug.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class HabitsTest {
    private static final Seed SEED = Seed.of(HabitsTest.class);
    private static final int ROUNDS = 1500;

    private final List<Meant> good = new ArrayList<>();

    @Test
    void every_line_is_queued_as_it_is_meant_or_named() {
        Random random = SEED.random();
        Set<String> seen = new HashSet<>();
        for (int round = 0; round < ROUNDS; round++) {
            var file = new HabitualFile(random);
            seen.add(file.toString());
            IntakeReport report = read(file.bytes, file.told);
            String place = "%s, round %d: %s".formatted(SEED, round, file);
            if (file.meant.isEmpty() && file.named.isEmpty()) {
                assertThat(report.refusals())
                        .as(place)
                        .containsExactly("there are no lines after the header");
                continue;
            }
            assertThat(report.refusals()).as(place).isEmpty();
            assertThat(good).as(place).containsExactlyElementsOf(file.meant);
            assertThat(
                            report.badLines().stream()
                                    .map(bad ->
                                            new Named(bad.line(), String.valueOf(bad.column()))))
                    .as(place)
                    .containsExactlyElementsOf(file.named);
            assertThat(report.good() + report.bad()).as(place).isEqualTo(report.lines());
        }
        assertThat(seen).as("kinds of files").hasSizeGreaterThan(20);
    }

    @Test
    void a_file_that_is_cut_off_gives_nothing_that_was_not_meant() {
        Random random = new Random(SEED.value() + 1);
        for (int round = 0; round < ROUNDS; round++) {
            var file = new HabitualFile(random);
            byte[] cut = Arrays.copyOf(file.bytes, random.nextInt(file.bytes.length));
            IntakeReport report = read(cut, file.told);
            String place =
                    "%s, round %d: %s, %d of %d bytes"
                            .formatted(SEED, round, file, cut.length, file.bytes.length);
            assertThat(report.refusals())
                    .as(place)
                    .hasSizeLessThanOrEqualTo(9)
                    .allMatch(HabitsTest::isASentence);
            if (file.form == Form.WORKBOOK
                    || file.form == Form.JSON_ARRAY
                    || file.packing != Packing.NONE) {
                assertThat(report.refusals()).as(place).isNotEmpty();
                assertThat(report.allows(ChangeSetRequest.by("kim"))).as(place).isFalse();
            } else if (!good.isEmpty()) {
                // the last line of a text may end anywhere, and nothing shows it
                assertThat(file.meant).as(place).containsAll(good.subList(0, good.size() - 1));
            }
        }
    }

    @Test
    void a_file_that_is_spoilt_anywhere_is_no_bug() {
        Random random = new Random(SEED.value() + 2);
        for (int round = 0; round < ROUNDS; round++) {
            var file = new HabitualFile(random);
            byte[] spoilt = file.bytes.clone();
            for (int i = 0; i <= random.nextInt(4); i++) {
                spoilt[random.nextInt(spoilt.length)] = (byte) random.nextInt(256);
            }
            IntakeReport report = read(spoilt, file.told);
            String place = "%s, round %d: %s".formatted(SEED, round, file);
            assertThat(report.refusals()).as(place).allMatch(HabitsTest::isASentence);
            assertThat(report.good() + report.bad()).as(place).isEqualTo(report.lines());
            if (file.form == Form.WORKBOOK || file.packing != Packing.NONE) {
                assertThat(report.refusals().isEmpty() && !good.equals(file.meant))
                        .as(place)
                        .isFalse();
            }
        }
    }

    private static boolean isASentence(String refusal) {
        return !refusal.isBlank()
                && !refusal.contains("\n")
                && !refusal.contains("Exception")
                && !refusal.endsWith("null");
    }

    private IntakeReport read(byte[] bytes, FileForm form) {
        good.clear();
        var judge =
                new Judge(
                        IntakeRules.knowing(List.of()),
                        ChangeSetRequest.by("kim"),
                        Instant.parse("2026-11-23T12:00:00Z"));
        try (var nowhere = new Rejects(null)) {
            return new FileReading(
                            Source.stream("-", new ByteArrayInputStream(bytes)).in(form),
                            judge,
                            line ->
                                    good.add(
                                            new Meant(
                                                    line.participant().conversationId(),
                                                    line.participant().participantId(),
                                                    line.role(),
                                                    line.name(),
                                                    line.value(),
                                                    line.applyBy())),
                            nowhere,
                            true)
                    .report();
        }
    }
}
