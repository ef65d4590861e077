package reconciler.queue;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import reconciler.change.ChangeState;
import reconciler.outcome.Disposition;
import reconciler.outcome.Settlement;

/// Settlements as the array parameters of one statement.
record SettlementColumns(List<Settlement> settlements) {
    Long[] ids() {
        return column(settlement -> settlement.change().id(), Long[]::new);
    }

    String[] states() {
        return column(settlement -> state(settlement.disposition()).name(), String[]::new);
    }

    Integer[] attempts() {
        return column(Settlement::attempts, Integer[]::new);
    }

    Boolean[] inDoubt() {
        return column(Settlement::inDoubt, Boolean[]::new);
    }

    @Nullable Long[] deferMicros() {
        return column(settlement -> deferMicros(settlement.disposition()), Long[]::new);
    }

    private static ChangeState state(Disposition disposition) {
        return switch (disposition) {
            case Disposition.Settled settled -> settled.state();
            case Disposition.Deferred _, Disposition.Released _ -> ChangeState.PENDING;
        };
    }

    private static @Nullable Long deferMicros(Disposition disposition) {
        return switch (disposition) {
            case Disposition.Deferred(Duration pause) -> pause.toNanos() / 1_000;
            case Disposition.Settled _, Disposition.Released _ -> null;
        };
    }

    private <T extends @Nullable Object> T[] column(
            Function<Settlement, T> value, IntFunction<T[]> array) {
        return settlements.stream().map(value).toArray(array);
    }
}
