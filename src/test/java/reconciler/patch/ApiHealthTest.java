package reconciler.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static reconciler.patch.Stage.answer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ApiHealthTest {
    private final Stage stage = new Stage();

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void with_a_client_a_token_is_the_proof() {
        useAClient();
        assertThat(stage.patcher().check()).isEqualTo(new ApiHealth.Ready());
        assertThat(stage.methods()).isEqualTo("POST");
    }

    @Test
    void a_client_that_is_refused_is_told_so() {
        useAClient();
        stage.answersLogin(answer(401, "{\"error\": \"invalid_client\"}"));
        assertThat(stage.patcher().check())
                .isInstanceOfSatisfying(
                        ApiHealth.Refused.class,
                        refused -> assertThat(refused.why()).contains("401 invalid_client"));
    }

    @Test
    void a_login_host_that_nobody_answers_at_is_unreachable() {
        useAClient();
        AttributePatcher patcher = stage.patcher();
        stage.server.close();
        assertThat(patcher.check())
                .isInstanceOfSatisfying(
                        ApiHealth.Unreachable.class,
                        unreachable -> assertThat(unreachable.why()).contains("127.0.0.1"));
    }

    @Test
    void a_login_host_in_trouble_for_longer_than_max_wait_is_unreachable() {
        useAClient();
        stage.answersLogin(answer(503, "Retry-After", "181"));
        assertThat(stage.patcher().check())
                .isInstanceOfSatisfying(
                        ApiHealth.Unreachable.class,
                        unreachable ->
                                assertThat(unreachable.why())
                                        .contains("127.0.0.1", "503")
                                        .doesNotContain("null"));
    }

    @Test
    void a_login_host_in_trouble_once_is_asked_again() {
        useAClient();
        stage.answersLogin(answer(503));
        assertThat(stage.patcher().check()).isEqualTo(new ApiHealth.Ready());
    }

    @Test
    void an_answer_that_is_no_token_is_told_without_a_null() {
        useAClient();
        stage.answersLogin(answer(200, "{}"));
        assertThat(stage.patcher().check())
                .isInstanceOfSatisfying(
                        ApiHealth.Unreachable.class,
                        unreachable ->
                                assertThat(unreachable.why())
                                        .contains("no token")
                                        .doesNotContain("null"));
    }

    @Test
    void with_a_token_a_connection_is_all_that_is_tried() {
        assertThat(stage.patcher().check()).isEqualTo(new ApiHealth.Ready());
        assertThat(stage.requests()).isEmpty();
    }

    @Test
    void with_a_token_a_host_that_nobody_answers_at_is_unreachable() {
        AttributePatcher patcher = stage.patcher();
        stage.server.close();
        assertThat(patcher.check()).isInstanceOf(ApiHealth.Unreachable.class);
    }

    private void useAClient() {
        stage.credentials = new Credentials.ClientCredentials("client-7", "s3cret");
    }
}
