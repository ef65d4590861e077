package reconciler.patch;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reconciler.change.AttributeChange;
import reconciler.change.Participant;
import reconciler.change.ParticipantChanges;
import reconciler.change.ParticipantRole;
import reconciler.change.Provenance;
import reconciler.outcome.Backoff;
import reconciler.outcome.ConflictPolicy;
import reconciler.outcome.Exhausted;
import reconciler.outcome.Policies;
import reconciler.outcome.RoleMismatch;
import reconciler.outcome.ThrottlePolicy;
import reconciler.outcome.UnavailablePolicy;

/// Changes and policies with every field defaulted.
final class Given {
    static final UUID CONVERSATION = UUID.fromString("11111111-1111-4111-8111-111111111111");
    static final Participant PARTICIPANT =
            new Participant(CONVERSATION, UUID.fromString("22222222-2222-4222-8222-222222222222"));
    static final Participant COLLEAGUE =
            new Participant(CONVERSATION, UUID.fromString("33333333-3333-4333-8333-333333333333"));

    /// A record of intents that forgets them.
    static final Intents UNRECORDED = (_, _) -> () -> {};

    static final Policies POLICIES =
            new Policies(
                    new ConflictPolicy(
                            3,
                            new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5)),
                            Exhausted.SKIP),
                    new ThrottlePolicy(
                            Duration.ofMinutes(3), Duration.ofSeconds(3), Exhausted.DEFER),
                    new UnavailablePolicy(
                            3, new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30))),
                    RoleMismatch.CORRECT);

    private Given() {}

    static AttributeChange change(long id, String name, String value) {
        return change(id, PARTICIPANT, name, value, null, false);
    }

    static AttributeChange change(
            long id,
            Participant participant,
            String name,
            String value,
            @Nullable Instant applyBy,
            boolean inDoubt) {
        return new AttributeChange(
                id,
                participant,
                new ParticipantRole("contact"),
                name,
                value,
                new Provenance(7L, "ops", null),
                null,
                applyBy,
                inDoubt,
                0);
    }

    static AttributeChange inDoubt(AttributeChange change) {
        return change(
                change.id(),
                change.participant(),
                change.name(),
                change.value(),
                change.applyBy(),
                true);
    }

    static AttributeChange applyBy(Instant applyBy, AttributeChange change) {
        return change(
                change.id(),
                change.participant(),
                change.name(),
                change.value(),
                applyBy,
                change.inDoubt());
    }

    static AttributeChange of(Participant participant, AttributeChange change) {
        return change(
                change.id(),
                participant,
                change.name(),
                change.value(),
                change.applyBy(),
                change.inDoubt());
    }

    /// The same changes, to be applied all or not at all.
    static ParticipantChanges atomic(ParticipantChanges changes) {
        return new ParticipantChanges(changes.changes().stream().map(Given::atomic).toList());
    }

    static AttributeChange atomic(AttributeChange change) {
        return new AttributeChange(
                change.id(),
                change.participant(),
                change.role(),
                change.name(),
                change.value(),
                change.provenance(),
                change.provenance().changeSetId(),
                change.applyBy(),
                change.inDoubt(),
                change.attempts());
    }

    /// Names and values in turn: `changes("priority", "high", "queue", "vip")`, ids from 1.
    static ParticipantChanges changes(String... namesAndValues) {
        var changes = new ArrayList<AttributeChange>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            changes.add(change(i / 2 + 1, namesAndValues[i], namesAndValues[i + 1]));
        }
        return new ParticipantChanges(changes);
    }

    static ParticipantChanges changes(AttributeChange... changes) {
        return new ParticipantChanges(List.of(changes));
    }
}
