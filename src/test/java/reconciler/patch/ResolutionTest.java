package reconciler.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static reconciler.patch.Given.changes;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import reconciler.change.AttributeChange;
import reconciler.change.ChangeState;
import reconciler.change.ParticipantChanges;
import reconciler.outcome.ConfirmedBy;
import reconciler.outcome.Disposition;
import reconciler.outcome.Settlement;
import reconciler.outcome.Turn;

/// A superseded change in doubt is resolved before what supersedes it is sent.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ResolutionTest {
    private static final Duration PAUSE = Duration.ofSeconds(7);

    private final Stage stage = new Stage();
    private final AttributeChange older =
            Given.inDoubt(changes("tier", "old").changes().getFirst());

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void it_is_read_after_the_pause_and_the_newer_one_is_read_back() {
        stage.has(Given.PARTICIPANT, "customer", "tier", "old");

        Turn turn = patch(changes("tier", "new"));

        assertThat(stage.clock.pauses()).startsWith(PAUSE);
        assertThat(stage.methods()).isEqualTo("GET PATCH GET");
        assertThat(turn.settlements())
                .extracting(Settlement::disposition)
                .containsExactly(
                        Disposition.Settled.as(ChangeState.SUPERSEDED),
                        Disposition.Settled.applied(ConfirmedBy.READ_BACK));
        assertThat(turn.settlements().getFirst().inDoubt()).isTrue();
        assertThat(turn.settlements().getFirst().evidence().message())
                .contains("a read found its value");
        assertThat(turn.attempts()).hasSize(3);
    }

    @Test
    void it_is_resolved_also_when_nothing_newer_is_sent_now() {
        Turn turn = patch(null);

        assertThat(stage.methods()).isEqualTo("GET");
        assertThat(turn.settlements())
                .extracting(Settlement::disposition)
                .containsExactly(Disposition.Settled.as(ChangeState.SUPERSEDED));
        assertThat(turn.settlements().getFirst().evidence().message())
                .contains("a read did not find its value");
    }

    @Test
    void nothing_is_sent_and_nothing_settled_when_the_pause_is_cut_short() {
        stage.clock.cutUnless(pause -> !pause.equals(PAUSE));

        Turn turn = patch(changes("tier", "new"));

        assertThat(stage.methods()).isEmpty();
        assertThat(turn.settlements())
                .extracting(Settlement::disposition)
                .containsExactly(new Disposition.Released(), new Disposition.Released());
        assertThat(turn.settlements().getFirst().inDoubt()).isTrue();
    }

    private Turn patch(@Nullable ParticipantChanges changes) {
        AttributePatcher patcher = stage.patcher();
        return patcher.patch(
                changes,
                new Predecessors(List.of(new Predecessors.Superseded(older, 2)), PAUSE),
                patcher.newPage(
                        changes == null ? List.of() : List.of(changes),
                        Given.UNRECORDED,
                        Map.of()));
    }
}
