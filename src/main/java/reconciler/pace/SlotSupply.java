package reconciler.pace;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Slots of the shared allotment. The next ones are reserved while the last are used up, so that
/// none passes while the database is asked.
///
/// For one thread at a time.
final class SlotSupply {
    /// What is reserved at once: the database is asked 50 times a second at most, and less often
    /// when it is slow, since it is asked for several round trips' worth.
    private static final long RESERVATION = Duration.ofMillis(20).toNanos();

    /// The same where slots are less than a millisecond apart: nobody notices a tenth of a second
    /// of them, and the database would spend more on reservations than on the work.
    private static final long RESERVATION_OF_MANY = Duration.ofMillis(100).toNanos();

    private static final long MANY = Duration.ofMillis(1).toNanos();
    private static final long LONGEST_RESERVATION = Duration.ofSeconds(10).toNanos();

    /// A reservation is worth so many times what it takes to make it.
    private static final int WORTH = 3;

    /// The next one is begun when what is left is worth so many times what the last one took.
    private static final int AHEAD = 2;

    /// A reservation is a transaction of its own: it takes so many times what a look takes.
    private static final int LOOKS = 3;

    /// No more of everybody's time than this is paid because the database may be slow.
    private static final long LONGEST_ANSWER = Duration.ofMillis(100).toNanos();

    private final Allotment allotment;
    private final LongSupplier nanoTime;
    private final Executor background;
    private final @Nullable IntSupplier waiting;
    private Slots slots;
    private long heldUntil;
    private long took;
    private @Nullable CompletableFuture<Answer> ahead;

    /// @param nanoTime a clock that never goes back, as `System::nanoTime`
    /// @param background runs what need not be waited for
    /// @param waiting for who sends a request now and then: how many want a slot beside the one who
    ///   asks; no more is reserved than they can use, since what is not used is lost to everybody.
    ///   Null for who sends all the time
    SlotSupply(
            Allotment allotment,
            LongSupplier nanoTime,
            Executor background,
            @Nullable IntSupplier waiting) {
        this.allotment = allotment;
        this.nanoTime = nanoTime;
        this.background = background;
        this.waiting = waiting;
        heldUntil = nanoTime.getAsLong();
        slots = Slots.none(heldUntil - RateBucket.SLACK.toNanos());
    }

    private record Answer(long heldUntil, long took, @Nullable Reserved reserved) {}

    private record Reserved(long begin, long interval, int number) {}

    /// How long the API wants everybody to wait yet, as far as is known; zero or less when it does
    /// not.
    long held() {
        return heldUntil - nanoTime.getAsLong();
    }

    /// Gives up slots that are missed, or were reserved before it was learnt that there may be far
    /// fewer.
    ///
    /// @return whether there is none left: see [#refill]
    boolean isEmpty(long spacing) {
        return slots.areOver(nanoTime.getAsLong()) || slots.areTooClose(spacing);
    }

    /// When the next request may go.
    long due() {
        return slots.due();
    }

    /// @return when the slot taken is lost
    long take() {
        return slots.take();
    }

    /// Reserves what comes next, if it will be needed soon.
    void lookAhead(long spacing) {
        long left = slots.end() - nanoTime.getAsLong();
        if (ahead == null && left < early(spacing) && wanted() > 0) {
            int number = number(spacing);
            ahead = CompletableFuture.supplyAsync(() -> reserve(spacing, number), background);
        }
    }

    /// Who sends now and then asks before a lead is to be paid.
    private long early(long spacing) {
        return waiting == null ? Math.max(AHEAD * took, spacing) : AHEAD * took + spacing;
    }

    /// Gets more slots, or knows of a pause.
    ///
    /// @throws RuntimeException when the database does not answer
    void refill(long spacing) {
        CompletableFuture<Answer> begun = ahead;
        ahead = null;
        Answer answer = begun == null ? reserve(spacing, number(spacing)) : answer(begun, spacing);
        hold(answer.heldUntil());
        if (answer.reserved() instanceof Reserved(long begin, long interval, int number)) {
            took = answer.took();
            slots = slots.followedBy(begin, interval, number);
        }
    }

    /// Asks whether the API asked somebody else for a pause.
    ///
    /// @throws RuntimeException when the database does not answer
    void look() {
        if (ahead != null) {
            ahead.exceptionally(_ -> null).join();
        }
        hold(nanoTime.getAsLong() + allotment.pause().toNanos());
    }

    /// A pause is never shortened, not even by a database whose clock is set forward.
    private void hold(long until) {
        heldUntil = until - heldUntil > 0 ? until : heldUntil;
    }

    /// Who asked ahead in vain asks again.
    private Answer answer(CompletableFuture<Answer> begun, long spacing) {
        try {
            return begun.join();
        } catch (CompletionException failed) {
            return reserve(spacing, number(spacing));
        }
    }

    /// How many more slots than there are can be used.
    private int wanted() {
        return waiting == null ? Integer.MAX_VALUE : 1 + waiting.getAsInt() - slots.left();
    }

    /// At least one slot, in any case.
    private int number(long spacing) {
        long least = spacing < MANY ? RESERVATION_OF_MANY : RESERVATION;
        long worth = Math.clamp(WORTH * took, least, LONGEST_RESERVATION);
        return Math.clamp(Math.ceilDiv(worth, spacing), 1, Math.max(1, wanted()));
    }

    private Answer reserve(long spacing, int number) {
        long before = nanoTime.getAsLong();
        long pause = allotment.pause().toNanos();
        long asked = nanoTime.getAsLong();
        if (pause > 0) {
            return new Answer(asked + pause, 0, null);
        }
        long lead = waiting == null ? 0 : lead(asked, asked - before);
        long begin = allotment.reserve(lead + spacing * number);
        long now = nanoTime.getAsLong();
        long gone = Math.clamp(now - begin, 0, lead);
        return new Answer(asked, now - before, new Reserved(begin + gone, spacing, number));
    }

    /// What is reserved before the first slot, in which its request may go as well. Where nobody
    /// was, what is reserved begins [RateBucket#SLACK] before it was asked for: without a lead it
    /// would be lost by the time the database has answered, and the next one is a whole spacing
    /// later. Behind our own last slot, which others may have followed, less is enough. That a slot
    /// may be used late makes up for half of what it may be late, the other half is for who is slow
    /// to wake up.
    ///
    /// @param look what the look took that came before
    private long lead(long now, long look) {
        long answer = Math.min(took == 0 ? LOOKS * look : took, LONGEST_ANSWER);
        long earliest = Math.max(slots.end(), now - RateBucket.SLACK.toNanos());
        return Math.max(0, now + 2 * answer - earliest - Slots.TOLERANCE.toNanos() / 2);
    }
}
