package reconciler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import reconciler.audit.Head;
import reconciler.audit.Verification;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class VerificationInWordsTest {
    private static final Head HEAD =
            new Head(3, "ab".repeat(32), Instant.parse("2026-11-23T10:00:00Z"));

    @Test
    void a_login_that_does_not_see_values_says_nothing_of_them() {
        assertThat(VerificationInWords.of(report(false, 2, 0), 1_240))
                .isEqualTo(
                        "sound: 3 seals, 1 outcome, 2 attempts in 1.2 s; values not verified: this login does not see them,"
                                + " 4 rows in dropped months, 2 anchors compared; head "
                                + HEAD.inOneLine());
    }

    @Test
    void anchors_that_were_not_compared_are_told_apart() {
        assertThat(VerificationInWords.of(report(true, 1, 5), 0))
                .contains(
                        "; 0 values erased, 4 rows in dropped months, 1 anchor compared, 5 older than --since; head ");
    }

    private static Verification.Report report(
            boolean valuesVerified, int anchors, int olderAnchors) {
        return new Verification.Report(
                3, 1, 2, valuesVerified, 0, 4, anchors, olderAnchors, HEAD, 0, List.of());
    }
}
