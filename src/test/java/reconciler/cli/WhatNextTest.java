package reconciler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import reconciler.change.ChangeState;
import reconciler.change.Participant;
import reconciler.change.ParticipantRole;
import reconciler.queue.Backlog.Cause;
import reconciler.queue.QueueView.ChangeRow;

/// What is left to do is what helps.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class WhatNextTest {
    private static final WhatNext NEXT = new WhatNext(Times.inUtc());

    @Test
    void what_is_paused_names_the_command_that_lets_it_go() {
        assertThat(NEXT.of(change(ChangeState.PENDING, 7L), null, Cause.PAUSED, "nightly"))
                .contains("`reconciler unpause 7`, or `reconciler unpause --all` resumes it");
        assertThat(NEXT.of(change(ChangeState.PENDING, null), null, Cause.PAUSED, "nightly"))
                .contains("; `reconciler unpause --all` resumes it");
    }

    @Test
    void what_is_not_as_the_plan_saw_it_is_planned_anew() {
        for (String code : new String[] {"plan.drifted", "plan.other", "atomic.refused"}) {
            AnOutcome end = AnOutcome.of(ChangeState.CONFLICT).because(200, code, "drifted");
            assertThat(next(end, 7L))
                    .contains("`reconciler redrive --set 7 --status conflict --reason ...`")
                    .contains("`reconciler plan`")
                    .doesNotContain("doctor");
        }
    }

    @Test
    void what_others_kept_changing_is_tried_again() {
        AnOutcome end =
                AnOutcome.of(ChangeState.CONFLICT).because(409, "general.conflict", "changed");
        assertThat(next(end, 7L)).contains("`reconciler redrive --set 7 --reason ...` tries again");
        assertThat(next(end, null)).contains("`reconciler redrive --run 12 --reason ...`");
    }

    @Test
    void what_was_refused_for_another_s_sake_names_what_to_correct() {
        AnOutcome end = AnOutcome.of(ChangeState.REJECTED);
        assertThat(next(end.because(400, "atomic.refused", "goes with change 12"), 7L))
                .contains("Correct the change that is named there");
        assertThat(next(end.because(400, "invalid.attribute", "no"), 7L))
                .contains("Correct what is named there");
    }

    private static String next(AnOutcome end, @Nullable Long set) {
        return NEXT.of(change(end.status(), set), end.row(), null, "nightly");
    }

    private static ChangeRow change(ChangeState state, @Nullable Long set) {
        return new ChangeRow(
                17,
                new Participant(new UUID(1, 1), new UUID(2, 2)),
                new ParticipantRole("contact"),
                "customer.tier",
                "kim",
                set,
                Instant.EPOCH,
                null,
                null,
                state,
                0,
                null,
                false,
                null,
                null,
                null);
    }
}
