package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import reconciler.change.AttributeChange;
import reconciler.change.ChangeState;
import reconciler.change.Participant;
import reconciler.change.ParticipantRole;
import reconciler.change.Provenance;
import reconciler.outcome.ConfirmedBy;
import reconciler.outcome.Disposition;
import reconciler.outcome.Evidence;
import reconciler.outcome.Settlement;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class TallyTest {
    private static final ParticipantRole CONTACT = new ParticipantRole("contact");
    private static final Disposition APPLIED = Disposition.Settled.applied(ConfirmedBy.ANSWER);

    private final Tally tally = new Tally(Map.of(CONTACT, 2L));

    @Test
    void a_row_that_went_back_unsent_waits_for_a_later_run() {
        tally.add(List.of(end(1, APPLIED), end(2, new Disposition.Released())));

        assertThat(tally.total().released()).isEqualTo(1);
        assertThat(ending().exitCode()).isEqualTo(ExitCode.NOT_APPLIED);
        assertThat(ending().explanation()).contains("1 wait");
    }

    @Test
    void a_row_that_went_back_unsent_and_was_taken_again_counts_as_what_became_of_it() {
        tally.add(List.of(end(1, new Disposition.Released()), end(2, new Disposition.Released())));
        tally.add(List.of(end(1, new Disposition.Released())));
        tally.add(List.of(end(2, APPLIED)));
        tally.add(List.of(end(1, APPLIED)));

        assertThat(tally.total())
                .isEqualTo(new Tally.Counts(2, Map.of(ChangeState.APPLIED, 2L), 0, 0));
        assertThat(ending().exitCode()).isEqualTo(ExitCode.OK);
    }

    @Test
    void a_row_that_was_put_off_after_it_went_back_is_counted_once() {
        tally.add(List.of(end(1, new Disposition.Released())));
        tally.add(List.of(end(1, new Disposition.Deferred(Duration.ofHours(1)))));

        assertThat(tally.byRole().get(CONTACT)).isEqualTo(new Tally.Counts(2, Map.of(), 1, 0));
    }

    private Ending ending() {
        return Ending.of(tally.total(), null);
    }

    private static Settlement end(long id, Disposition disposition) {
        return Settlement.unsent(
                new AttributeChange(
                        id,
                        new Participant(new UUID(0, 1), new UUID(0, 2)),
                        CONTACT,
                        "priority",
                        "high",
                        new Provenance(null, "kim", null),
                        null,
                        null,
                        false,
                        0),
                disposition,
                Evidence.NONE);
    }
}
