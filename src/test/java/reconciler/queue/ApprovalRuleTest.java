package reconciler.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/// Which rule asks for no less than which other.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ApprovalRuleTest {
    private static final ApprovalRule NONE = new ApprovalRule.None();
    private static final ApprovalRule REQUIRED = new ApprovalRule.Required();
    private static final ApprovalRule LARGE = new ApprovalRule.When(500, List.of());
    private static final ApprovalRule SEGMENT = new ApprovalRule.When(null, List.of("segment"));

    @Test
    void all_of_it_is_at_least_anything_and_anything_at_least_nothing() {
        for (ApprovalRule rule : List.of(NONE, REQUIRED, LARGE, SEGMENT)) {
            assertThat(REQUIRED.isAtLeast(rule)).as("%s", rule).isTrue();
            assertThat(rule.isAtLeast(NONE)).as("%s", rule).isTrue();
            assertThat(rule.isAtLeast(rule)).as("%s", rule).isTrue();
        }
        for (ApprovalRule rule : List.of(REQUIRED, LARGE, SEGMENT)) {
            assertThat(NONE.isAtLeast(rule)).as("%s", rule).isFalse();
        }
        assertThat(LARGE.isAtLeast(REQUIRED)).isFalse();
    }

    @Test
    void a_condition_is_at_least_another_that_lets_no_more_rows_and_no_more_attributes_pass() {
        var both = new ApprovalRule.When(500, List.of("segment", "tier"));

        assertThat(both.isAtLeast(LARGE)).isTrue();
        assertThat(both.isAtLeast(SEGMENT)).isTrue();
        assertThat(both.isAtLeast(new ApprovalRule.When(501, List.of("tier")))).isTrue();
        assertThat(both.isAtLeast(new ApprovalRule.When(499, List.of("tier")))).isFalse();
        assertThat(both.isAtLeast(new ApprovalRule.When(500, List.of("name")))).isFalse();
        assertThat(LARGE.isAtLeast(SEGMENT)).isFalse();
        assertThat(SEGMENT.isAtLeast(LARGE)).isFalse();
    }
}
