package reconciler.patch;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reconciler.change.Participant;
import reconciler.change.ParticipantRole;
import reconciler.outcome.ConfirmedBy;

/// How a change is put to the API: path, body, what a role means there. Nothing else in the program
/// knows these.
public sealed interface ApiContract permits WebContract, AttributesContract {
    /// The path of the PATCH, one segment each, below the base URL.
    List<String> patchPath(Participant participant);

    /// The body of the PATCH: JSON, the attributes in the order of the map.
    String body(ParticipantRole role, Map<String, String> attributes);

    /// The field of the body that holds the attributes.
    String container();

    /// The field of the body that holds the role; null when the body has none.
    @Nullable String roleField();

    /// The role that a participant of this purpose has to be addressed with; null when the contract
    /// knows none for it.
    @Nullable ParticipantRole roleOf(String purpose);

    /// The path of the GET that reads a conversation with all its participants.
    default List<String> readPath(UUID conversationId) {
        return List.of("api", "v2", "conversations", conversationId.toString());
    }

    /// What the answer to a PATCH has to be like, with this success status, to confirm anything.
    Promise promise(int status);

    /// What a success is promised to come with.
    enum Promise {
        /// JSON with the participant's attributes.
        VALUES,
        /// No body.
        NO_BODY,
        /// JSON with the participant's attributes, or no body.
        VALUES_OR_NO_BODY,
        /// The contract knows no such success.
        UNKNOWN_STATUS
    }

    /// What a success that keeps its promise confirms.
    default ConfirmedBy confirmation(int status) {
        return status == 202 ? ConfirmedBy.ACCEPTED : ConfirmedBy.ANSWER;
    }

    /// The text that [#parse] takes.
    String label();

    /// `web`, `attributes`, or `attributes:` and a medium.
    ///
    /// @throws InvalidSetting naming what is known
    static ApiContract parse(String text) {
        if (text.equals("web")) {
            return new WebContract();
        }
        if (text.equals("attributes")) {
            return new AttributesContract(null);
        }
        return Arrays.stream(AttributesContract.Medium.values())
                .map(AttributesContract::new)
                .filter(contract -> contract.label().equals(text))
                .findFirst()
                .orElseThrow(() -> unknown(text));
    }

    private static InvalidSetting unknown(String text) {
        String media =
                Arrays.stream(AttributesContract.Medium.values())
                        .map(medium -> new AttributesContract(medium).label())
                        .collect(Collectors.joining(", "));
        return new InvalidSetting(
                "RECONCILER_API_CONTRACT",
                "is \"" + text + "\", which is no contract",
                "set it to web, attributes, or one of " + media);
    }
}
