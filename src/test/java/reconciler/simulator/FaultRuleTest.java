package reconciler.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class FaultRuleTest {

    @Test
    void a_rule_reads_all_its_words() {
        FaultRule rule =
                FaultRule.parse(
                        " drop-after  p=0.25 participant=P conversation=C attribute=A times=3"
                                + " each=2 method=PATCH,GET retry-after=\"in a while\" ");

        assertThat(rule.kind()).isEqualTo(FaultKind.DROP);
        assertThat(rule.afterApplying()).isTrue();
        assertThat(rule.probability()).isEqualTo(0.25);
        assertThat(rule.times()).isEqualTo(3);
        assertThat(rule.each()).isEqualTo(2);
        assertThat(rule.match()).isEqualTo(new FaultMatch(Set.of("PATCH", "GET"), "C", "P", "A"));
        assertThat(rule.option("retry-after", "")).isEqualTo("in a while");
    }

    @Test
    void a_bare_kind_always_strikes() {
        FaultRule rule = FaultRule.parse("403-division");

        assertThat(rule.kind()).isEqualTo(FaultKind.OTHER_DIVISION);
        assertThat(rule.probability()).isEqualTo(1);
        assertThat(rule.times()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "\"\"               | no fault ''",
                "418              | no fault '418'",
                "409 p=2          | fault p must be from 0 to 1",
                "409 p=often      | often",
                "409 times=-1     | fault times must not be negative",
                "409 time=1       | cannot read 'time=1'",
                "409 once         | cannot read 'once'",
                "409 method=POST  | method must be PATCH, GET or TOKEN",
                "hang for=long    | 'long' is no time like 200ms, 30s or 5m",
                "empty status=bad | bad",
                "altered as=soup  | no alteration 'soup'",
            })
    void what_it_does_not_know_it_refuses(String text, String complaint) {
        assertThatThrownBy(() -> FaultRule.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("fault rule '" + text + "'")
                .hasMessageContaining(complaint);
    }
}
