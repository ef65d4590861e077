package reconciler.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class AnchorsTest {
    private final Faults faults = new Faults();

    @Test
    void those_from_before_the_first_seal_looked_at_are_counted_apart() {
        var anchors =
                new Anchors(
                        List.of(anchor(5, "e"), anchor(3, "c"), anchor(4, "d"), anchor(0, "0")),
                        false);

        anchors.pass(4, "d", faults);
        anchors.pass(5, "e", faults);
        anchors.end(5, faults);

        assertThat(anchors.compared()).isEqualTo(2);
        assertThat(anchors.older()).isEqualTo(2);
        assertThat(faults.first()).isEmpty();
    }

    @Test
    void where_no_seal_was_looked_at_only_those_beyond_the_end_are_compared() {
        var anchors = new Anchors(List.of(anchor(5, "e"), anchor(7, "g")), false);

        anchors.end(5, faults);

        assertThat(anchors.compared()).isEqualTo(1);
        assertThat(anchors.older()).isEqualTo(1);
        assertThat(faults.first())
                .singleElement()
                .asString()
                .contains("the journal ends at number 5", "knows number 7");
    }

    @Test
    void that_of_an_empty_journal_agrees_with_every_journal() {
        var anchors = new Anchors(List.of(anchor(0, "0")), true);

        anchors.pass(1, "a", faults);
        anchors.end(1, faults);

        assertThat(anchors.compared()).isEqualTo(1);
        assertThat(faults.first()).isEmpty();
    }

    @Test
    void each_of_two_with_one_number_counts_in_whatever_order_they_were_kept() {
        for (List<Head> kept :
                List.of(
                        List.of(anchor(2, "b"), anchor(2, "forged")),
                        List.of(anchor(2, "forged"), anchor(2, "b")))) {
            var found = new Faults();
            var anchors = new Anchors(kept, true);
            anchors.pass(1, "a", found);
            anchors.pass(2, "forged", found);
            anchors.end(2, found);

            assertThat(anchors.compared()).isEqualTo(2);
            assertThat(found.first())
                    .singleElement()
                    .asString()
                    .contains("number 2 of the journal is not what the anchor");
        }
    }

    private static Head anchor(long number, String hash) {
        return new Head(number, hash, Instant.EPOCH.plusSeconds(number));
    }
}
