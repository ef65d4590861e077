package reconciler.patch;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import reconciler.outcome.Evidence;

/// Tokens from the login host, kept in memory, replaced before they expire. One request at a time,
/// however many threads need the token.
final class MintedTokens implements Tokens {
    private static final Grant INTERRUPTED =
            new Grant.Unavailable(
                    Evidence.of("token.unavailable", "stopped while waiting for a token"));

    /// While a token that is due still serves, a login host in trouble is asked no more often.
    private static final Duration BETWEEN_RENEWALS = Duration.ofSeconds(10);

    private final Login login;
    private final InstantSource clock;
    private @Nullable Minted minted;
    private Instant askAgainAt = Instant.MIN;
    private @Nullable SingleFlight<Grant> flight;

    MintedTokens(Login login, InstantSource clock) {
        this.login = login;
        this.clock = clock;
    }

    /// A token and its times: due for replacement after four fifths of its life.
    private record Minted(String token, Instant from, Duration life) {
        boolean isFreshAt(Instant now) {
            return now.isBefore(from.plus(life.multipliedBy(4).dividedBy(5)));
        }

        /// Whether it is used without asking for another one first.
        boolean servesAt(Instant now, Instant askAgainAt) {
            return isFreshAt(now) || (isValidAt(now) && now.isBefore(askAgainAt));
        }

        boolean isValidAt(Instant now) {
            return now.isBefore(from.plus(life));
        }

        @Override
        public String toString() {
            return "token of " + from + " for " + life + " (not shown)";
        }
    }

    @Override
    public Grant current() {
        SingleFlight<Grant> shared;
        boolean mine = false;
        synchronized (this) {
            if (minted != null && minted.servesAt(clock.instant(), askAgainAt)) {
                return new Grant.Granted(minted.token());
            }
            if (flight == null) {
                flight = new SingleFlight<>();
                mine = true;
            }
            shared = flight;
        }
        return mine ? shared.fly(this::mint) : shared.await(INTERRUPTED);
    }

    @Override
    public synchronized boolean discard(String token) {
        if (minted != null && minted.token().equals(token)) {
            minted = null;
        }
        return true;
    }

    private Grant mint() {
        try {
            Instant asked = clock.instant();
            return switch (login.token(!hasToken())) {
                case Login.Minted(String token, Duration life) -> keep(token, asked, life);
                case Login.Unavailable(Evidence evidence) -> oldOr(new Grant.Unavailable(evidence));
                case Login.Impostor(Evidence evidence) -> oldOr(new Grant.Distrusted(evidence));
                case Login.WrongProxy(String why) -> oldOr(new Grant.WrongProxy(why));
                case Login.GivenUp(String why) -> oldOr(new Grant.GivenUp(why));
                case Login.Refused(String why) -> new Grant.Refused(why);
            };
        } finally {
            landed();
        }
    }

    private synchronized Grant keep(String token, Instant from, Duration life) {
        minted = new Minted(token, from, life);
        return new Grant.Granted(token);
    }

    /// A token that is due but not expired still serves while the login host is down.
    private synchronized Grant oldOr(Grant none) {
        Instant now = clock.instant();
        askAgainAt = now.plus(BETWEEN_RENEWALS);
        return minted != null && minted.isValidAt(now) ? new Grant.Granted(minted.token()) : none;
    }

    private synchronized boolean hasToken() {
        return minted != null && minted.isValidAt(clock.instant());
    }

    private synchronized void landed() {
        flight = null;
    }
}
