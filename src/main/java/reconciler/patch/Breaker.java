package reconciler.patch;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reconciler.outcome.Attempt;
import reconciler.outcome.Evidence;
import reconciler.outcome.Pauses;

/// Leaves an API alone that is broken: 5xx, lost answers, answers that are not the API's, no
/// connection, no token. A 4xx of the API is an answer, and a 429 has the pace to deal with it.
///
/// The time it stays open is waited for, not read from a clock: a clock that is set neither
/// shortens nor prolongs it.
final class Breaker {
    private static final Logger LOG = LoggerFactory.getLogger(Breaker.class);

    /// Nobody but [#waitWhileOpen] ends the wait.
    private static final Duration NEVER = Duration.ofDays(3650);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private final BreakerSettings settings;
    private final Pauses pauses;
    private final Standing standing;
    private final CircuitBreaker circuit;
    private final RecentAnswers recent;
    private final ReentrantLock turnstile = new ReentrantLock();
    private final AtomicInteger openings = new AtomicInteger();
    private final AtomicInteger foreign = new AtomicInteger();
    private volatile @Nullable String holdUp;

    Breaker(BreakerSettings settings, Pauses pauses, Standing standing) {
        this.settings = settings;
        this.pauses = pauses;
        this.standing = standing;
        this.recent = new RecentAnswers(settings.window());
        float percent = (float) (settings.failures() * 100);
        circuit =
                CircuitBreaker.of(
                        "api",
                        CircuitBreakerConfig.custom()
                                .slidingWindowSize(settings.window())
                                .minimumNumberOfCalls(settings.window())
                                .failureRateThreshold(percent)
                                .slowCallRateThreshold(percent)
                                .slowCallDurationThreshold(settings.slow())
                                .waitDurationInOpenState(NEVER)
                                .permittedNumberOfCallsInHalfOpenState(settings.trial())
                                .recordResult(Boolean.FALSE::equals)
                                .build());
        circuit.getEventPublisher()
                .onStateTransition(event -> {
                    if (event.getStateTransition().getToState() == State.OPEN) {
                        opened();
                    }
                });
    }

    /// Waits as long as nothing is sent.
    ///
    /// @return false when the wait was cut short
    boolean waitWhileOpen() {
        if (circuit.getState() != State.OPEN) {
            return true;
        }
        try {
            turnstile.lockInterruptibly();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return false;
        }
        try {
            if (circuit.getState() != State.OPEN) {
                return true;
            }
            if (!pauses.pause(settings.open())) {
                return false;
            }
            holdUp = null;
            circuit.transitionToHalfOpenState();
            return true;
        } finally {
            turnstile.unlock();
        }
    }

    /// Why nothing is sent for now; null while something is.
    @Nullable String holdUp() {
        return holdUp;
    }

    /// Whether the next request may go on the wire. Who may, has to say how it [#saw] it end.
    boolean permits() {
        return circuit.tryAcquirePermission();
    }

    /// Others are trying whether the API is back.
    ///
    /// @return false when the wait was cut short
    boolean waitForOthers() {
        return circuit.getState() != State.HALF_OPEN || pauses.pause(BETWEEN_LOOKS);
    }

    void saw(ApiRequest request, Answer answer, Duration took) {
        if (request.purpose() == Attempt.Purpose.PATCH) {
            sawPatch(request, answer);
        }
        switch (answer) {
            case Answer.Received received when ForeignAnswer.isInTheWay(received) ->
                    bad(inWords(request, received), took);
            case Answer.Received received when received.status() >= 500 ->
                    bad(String.valueOf(received.status()), took);
            case Answer.Received _ -> good(took);
            case Answer.Lost lost -> bad(lost.code(), took);
            case Answer.NotSent notSent -> bad(notSent.code(), took);
        }
    }

    /// Reads that go well must not hide that no PATCH reaches the API: something may let the one
    /// through and not the other.
    private void sawPatch(ApiRequest request, Answer answer) {
        switch (answer) {
            case Answer.Received received when ForeignAnswer.isInTheWay(received) -> {
                if (foreign.incrementAndGet() == settings.window()) {
                    standing.halt(
                            Halt.Kind.BROKEN,
                            "the last %d PATCHes were not answered by the API but by something in between: %s; what was not sent is pending"
                                    .formatted(settings.window(), inWords(request, received)));
                }
            }
            case Answer.Received _ -> foreign.set(0);
            case Answer.Lost _, Answer.NotSent _ -> {}
        }
    }

    private static String inWords(ApiRequest request, Answer.Received received) {
        return received.status()
                + " "
                + ForeignAnswer.inWords(received, new Redaction(request.changes()))
                + " (not the API)";
    }

    /// Without a token nothing can be sent either.
    void sawNoToken(Evidence evidence) {
        if (permits()) {
            bad("no token, " + evidence.code(), Duration.ZERO);
        }
    }

    private void good(Duration took) {
        if (took.compareTo(settings.slow()) > 0) {
            recent.bad("a slow answer");
        } else {
            recent.good();
        }
        circuit.onResult(took.toNanos(), TimeUnit.NANOSECONDS, true);
    }

    private void bad(String reason, Duration took) {
        recent.bad(reason);
        circuit.onResult(took.toNanos(), TimeUnit.NANOSECONDS, false);
    }

    private void opened() {
        if (openings.incrementAndGet() >= settings.openings()) {
            standing.halt(
                    Halt.Kind.BROKEN,
                    "the API is broken: %s; that is the limit (breaker.openings: %d), what was not sent is pending"
                            .formatted(recent.inWords(), settings.openings()));
        } else {
            String why =
                    "the API is left alone for %s s: %s"
                            .formatted(
                                    BigDecimal.valueOf(settings.open().toMillis(), 3)
                                            .stripTrailingZeros()
                                            .toPlainString(),
                                    recent.inWords());
            holdUp = why;
            LOG.warn("{}", why);
        }
    }
}
