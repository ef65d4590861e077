package reconciler.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static reconciler.outcome.ConfirmedBy.ACCEPTED;
import static reconciler.outcome.ConfirmedBy.ANSWER;
import static reconciler.patch.Given.change;
import static reconciler.patch.Given.changes;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/// The requests of both contracts, as they arrive.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ApiContractTest {
    private static final String C = "11111111-1111-4111-8111-111111111111";
    private static final String P = "22222222-2222-4222-8222-222222222222";

    private final Stage stage = new Stage();

    @AfterEach
    void close() {
        stage.close();
    }

    /// The published paths; `web` is the problem report's own.
    @ParameterizedTest
    @CsvSource({
        "web, /api/v2/conversations/web/{c}/participants/{p}",
        "attributes, /api/v2/conversations/{c}/participants/{p}/attributes",
        "attributes:calls, /api/v2/conversations/calls/{c}/participants/{p}/attributes",
        "attributes:callbacks, /api/v2/conversations/callbacks/{c}/participants/{p}/attributes",
        "attributes:emails, /api/v2/conversations/emails/{c}/participants/{p}/attributes",
        "attributes:messages, /api/v2/conversations/messages/{c}/participants/{p}/attributes"
    })
    void a_patch_goes_to_the_path_of_its_contract(String contract, String path) {
        stage.contract = ApiContract.parse(contract);

        stage.patch(changes("priority", "high"));

        var request = stage.requests().getFirst();
        assertThat(request.getRequestLine())
                .isEqualTo("PATCH " + path.replace("{c}", C).replace("{p}", P) + " HTTP/1.1");
        assertThat(request.getHeaders().get("Content-Type")).isEqualTo("application/json");
        assertThat(request.getHeaders().values("Authorization"))
                .containsExactly("Bearer top-secret-token");
        assertThat(stage.contract.label()).isEqualTo(contract);
    }

    @Test
    void web_sends_type_and_participant_attributes_in_the_order_of_the_changes() {
        stage.patch(changes("queue", "vip", "customKey", "dynamicValue", "priority", "high"));
        assertThat(stage.bodies())
                .containsExactly(
                        "{\"type\":\"contact\",\"participantAttributes\":{\"queue\":\"vip\","
                                + "\"customKey\":\"dynamicValue\",\"priority\":\"high\"}}");
    }

    @Test
    void the_published_contract_sends_attributes_and_nothing_else() {
        stage.contract = ApiContract.parse("attributes");
        stage.patch(changes("queue", "vip", "priority", "high"));
        assertThat(stage.bodies())
                .containsExactly("{\"attributes\":{\"queue\":\"vip\",\"priority\":\"high\"}}");
    }

    /// Declared: 202 for every one of the operations.
    @ParameterizedTest
    @ValueSource(strings = {"web", "attributes", "attributes:emails"})
    void a_202_promises_less_than_a_200(String contract) {
        assertThat(ApiContract.parse(contract).confirmation(202)).isEqualTo(ACCEPTED);
        assertThat(ApiContract.parse(contract).confirmation(200)).isEqualTo(ANSWER);
        assertThat(ApiContract.parse(contract).confirmation(204)).isEqualTo(ANSWER);
    }

    @Test
    void a_conversation_is_read_at_one_path_by_both() {
        stage.beforeImage = BeforeImage.READ;
        stage.patch(changes("priority", "high"));
        assertThat(stage.requests().getFirst().getRequestLine())
                .isEqualTo("GET /api/v2/conversations/" + C + " HTTP/1.1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", " ", "\"quoted\" \\ back", "a\u0000b\u0001\u001f\r\n\t", "</script>&amp;",
                "💥 👩‍👩‍👧", "\u202Eright to left \u05d0\u0628", "true", "null",
                        "'; DROP TABLE x",
                "{\"json\": [1]}", "\uFEFF\uFFFF", "üüü"
            })
    void a_hostile_value_travels_unchanged(String value) {
        stage.patch(changes(change(1, "n" + value, value)));
        var sent = JsonMapper.shared().readTree(stage.bodies().getFirst());
        assertThat(sent.path("participantAttributes").get("n" + value).stringValue())
                .isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Web",
                "attribute",
                "attributes:",
                "attributes:chats",
                "attributes:cobrowse"
            })
    void an_unknown_contract_is_refused_with_those_there_are(String text) {
        assertThatThrownBy(() -> ApiContract.parse(text))
                .isInstanceOf(InvalidSetting.class)
                .hasMessageContainingAll("RECONCILER_API_CONTRACT", "web", "attributes:messages");
    }

    @Test
    void a_base_url_may_have_a_path() {
        var settings =
                new ApiSettings(
                        URI.create("https://proxy.example/genesys/"),
                        URI.create("https://proxy.example"),
                        new WebContract(),
                        new Credentials.AccessToken("t"));
        ApiRequest request =
                new Requests(settings).patch(changes("a", "1").role(), changes("a", "1").changes());
        assertThat(request.url().encodedPath())
                .isEqualTo("/genesys/api/v2/conversations/web/" + C + "/participants/" + P);
    }

    @Test
    void a_prepared_request_is_the_one_that_is_sent_without_the_token() {
        var changes = changes("priority", "high");
        PreparedRequest prepared = stage.patcher().prepare(changes);
        stage.patch(changes);

        var sent = stage.requests().getFirst();
        assertThat(prepared.method()).isEqualTo(sent.getMethod());
        assertThat(prepared.url()).isEqualTo(sent.getUrl().uri());
        assertThat(prepared.body()).isEqualTo(Stage.body(sent));
        assertThat(prepared.headers())
                .isEqualTo(
                        Map.of("Content-Type", "application/json", "Accept", "application/json"));
        prepared.headers()
                .forEach((name, value) -> assertThat(sent.getHeaders().get(name)).isEqualTo(value));
    }
}
