package reconciler.outcome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reconciler.change.ChangeState;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DispositionTest {
    @ParameterizedTest
    @EnumSource(ChangeState.class)
    void only_a_terminal_state_settles_and_only_applied_is_confirmed(ChangeState state) {
        boolean applied = state == ChangeState.APPLIED;
        assertSettles(state.isTerminal() && !applied, state, null);
        for (ConfirmedBy confirmedBy : ConfirmedBy.values()) {
            assertSettles(applied, state, confirmedBy);
        }
    }

    private static void assertSettles(
            boolean possible, ChangeState state, @Nullable ConfirmedBy confirmedBy) {
        if (possible) {
            assertThat(new Disposition.Settled(state, confirmedBy).state()).isEqualTo(state);
        } else {
            assertThatThrownBy(() -> new Disposition.Settled(state, confirmedBy))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
