package reconciler.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static reconciler.patch.Stage.answer;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import reconciler.Seed;
import reconciler.change.AttributeChange;
import reconciler.change.ChangeState;
import reconciler.change.Participant;
import reconciler.change.ParticipantChanges;
import reconciler.outcome.Attempt;
import reconciler.outcome.Disposition;
import reconciler.outcome.Evidence;
import reconciler.outcome.Settlement;
import reconciler.outcome.Turn;

/// Whatever the API does, in whatever order: one settlement per change, one attempt per request,
/// and nothing is called applied that the API has not confirmed.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class AnyTurnTest {
    /// Of the first repetition; each has the next one.
    private static final Seed SEED = Seed.of(AnyTurnTest.class);

    private static final int[] STATUSES = {
        200, 202, 204, 302, 400, 401, 403, 404, 405, 408, 409, 413, 415, 422, 429, 500, 502, 503,
        504
    };

    @RepeatedTest(150)
    void every_change_is_settled_once_and_every_request_is_written_down(RepetitionInfo repetition) {
        long seed = SEED.value() + repetition.getCurrentRepetition() - 1;
        var random = new Random(seed);
        try (var stage = new Stage()) {
            stage.contract = ApiContract.parse(random.nextBoolean() ? "web" : "attributes");
            stage.beforeImage = random.nextBoolean() ? BeforeImage.READ : BeforeImage.OFF;
            stage.verifySample = random.nextInt(3) / 2.0;
            stage.credentials = new Credentials.ClientCredentials("id", "secret");
            for (int i = 0; i < 12; i++) {
                stage.answersPatch(anything(random));
                stage.answersRead(random.nextInt(3) == 0 ? anything(random) : answerOf(stage));
            }
            int turns = 4;
            var attempts = new ArrayList<Attempt>();
            for (int i = 0; i < turns; i++) {
                ParticipantChanges changes = changes(random, i);
                Turn turn = stage.patch(changes);
                attempts.addAll(turn.attempts());
                assertThat(turn.settlements())
                        .as("seed %s", seed)
                        .extracting(Settlement::change)
                        .isEqualTo(changes.changes());
                turn.settlements().forEach(settlement -> assertHonest(settlement, turn, seed));
            }
            assertThat(attempts.stream().map(Attempt::method))
                    .as("seed %s", seed)
                    .containsExactlyElementsOf(
                            stage.requests().stream()
                                    .map(request -> request.getMethod())
                                    .filter(method -> !method.equals("POST"))
                                    .toList());
        }
    }

    private static void assertHonest(Settlement settlement, Turn turn, long seed) {
        List<Attempt> patches =
                turn.attempts().stream()
                        .filter(attempt -> attempt.purpose() == Attempt.Purpose.PATCH)
                        .filter(attempt -> attempt.changeIds().contains(settlement.change().id()))
                        .toList();
        long counted =
                patches.stream()
                        .map(Attempt::evidence)
                        .filter(evidence -> !isNoSend(evidence))
                        .count();
        assertThat(settlement.attempts()).as("seed %s", seed).isEqualTo((int) counted);
        if (settlement.disposition() instanceof Disposition.Settled settled
                && settled.state() == ChangeState.APPLIED) {
            Integer status = settlement.evidence().httpStatus();
            assertThat(status).as("seed %s", seed).isNotNull().isBetween(200, 299);
        }
    }

    /// Throttled, or answered by the API that the token is not good.
    private static boolean isNoSend(Evidence evidence) {
        Integer status = evidence.httpStatus();
        return status != null
                && (status == 429 || (status == 401 && !"answer.foreign".equals(evidence.code())));
    }

    private static ParticipantChanges changes(Random random, int turn) {
        var participant = new Participant(Given.CONVERSATION, new UUID(5, turn));
        var changes = new ArrayList<AttributeChange>();
        for (int id = 1; id <= 1 + random.nextInt(5); id++) {
            changes.add(
                    Given.change(
                            turn * 10L + id,
                            participant,
                            "n" + id,
                            "v",
                            null,
                            random.nextInt(4) == 0));
        }
        return new ParticipantChanges(changes);
    }

    private static MockResponse answerOf(Stage stage) {
        for (int i = 0; i < 4; i++) {
            stage.has(new Participant(Given.CONVERSATION, new UUID(5, i)), "agent", "n2", "v");
        }
        return stage.conversationNow();
    }

    private static MockResponse anything(Random random) {
        int kind = random.nextInt(10);
        if (kind == 0) {
            return new MockResponse.Builder()
                    .onResponseStart(new SocketEffect.CloseSocket())
                    .build();
        }
        int status = STATUSES[random.nextInt(STATUSES.length)];
        String body =
                switch (random.nextInt(4)) {
                    case 0 -> "{\"code\": \"not.authorized\", \"errors\": []}";
                    case 1 -> "{\"errors\": [{\"field\": \"n1\"}, {\"field\": \"n3\"}]}";
                    case 2 -> "{\"errors\": [{\"field\": \"type\"}]}";
                    default -> "<html>";
                };
        if (status == 204) {
            return answer(status);
        }
        return answer(status, body)
                .newBuilder()
                .addHeader("Retry-After", List.of("0", "7", "x", "900").get(random.nextInt(4)))
                .build();
    }
}
