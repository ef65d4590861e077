package reconciler.simulator;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/// What can go wrong on purpose, and on which requests when a rule does not say.
public enum FaultKind {
    /// 409 `general.conflict`.
    CONFLICT("409", Methods.WRITES),
    /// 429 with `retry-after` as it is written, one second when it is not.
    THROTTLED("429", Methods.API),
    TIMEOUT("408", Methods.API),
    INTERNAL_ERROR("500", Methods.API),
    BAD_GATEWAY("502", Methods.API),
    UNAVAILABLE("503", Methods.API),
    GATEWAY_TIMEOUT("504", Methods.API),
    /// To `location`, or else to the conversation, where a client that follows finds a 200.
    FOUND("302", Methods.API),
    /// To `location`, or else to the same place.
    TEMPORARY_REDIRECT("307", Methods.API),
    /// The connection is closed without an answer.
    DROP("drop", Methods.API),
    /// No answer, and the connection stays open, five minutes or as long as `for` says.
    HANG("hang", Methods.API),
    /// The right answer in pieces, over two seconds or as long as `for` says.
    SLOW_BODY("slow-body", Methods.API),
    /// The right answer, and then the kept-alive connection is closed.
    CLOSE_IDLE("close-idle", Methods.API),
    /// A page of a proxy or firewall instead of JSON, titled `title`; 502 or `status`. Without a
    /// correlation id.
    HTML("html", Methods.API),
    /// The API answers `body` of the media type `type`, 200 `{}` of application/json when the rule
    /// does not say, or `status`.
    ANSWER("answer", Methods.API),
    /// The right answer, and only the first half of its body, as if that were all.
    TRUNCATED("truncated", Methods.API),
    /// The right answer, packed, with 50 MB of blanks or `bytes` behind it.
    GZIP("gzip", Methods.API),
    /// What is set is altered first, `as` says how: `cut` to the first 256 characters, `trim`,
    /// `upper`, or `drop`. The answer shows it.
    ALTERED("altered", Methods.WRITES),
    /// An error without a body; 500 or `status`.
    EMPTY("empty", Methods.API),
    /// An error with a body of 5 MB or `bytes`; 500 or `status`.
    HUGE("huge", Methods.API),
    /// 401 `credentials.expired`.
    EXPIRED_TOKEN("401", Methods.API),
    /// 403 `missing.permissions`.
    MISSING_PERMISSION("403", Methods.API),
    /// 403 `not.authorized`, as for a conversation in another division.
    OTHER_DIVISION("403-division", Methods.API),
    /// 400 naming the `attribute` of the rule, or else the first one of the request.
    BAD_ATTRIBUTE("400-attribute", Methods.WRITES),
    /// 400 with empty lists: something is wrong, and nobody says what.
    BAD_REQUEST("400", Methods.WRITES);

    private enum Methods {
        WRITES,
        API
    }

    private final String text;
    private final Methods methods;

    FaultKind(String text, Methods methods) {
        this.text = text;
        this.methods = methods;
    }

    Set<String> methods() {
        return switch (methods) {
            case WRITES -> Set.of("PATCH");
            case API -> Set.of("PATCH", "GET");
        };
    }

    static FaultKind of(String text) {
        return Arrays.stream(values())
                .filter(kind -> kind.text.equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(complaint(text)));
    }

    private static String complaint(String text) {
        return Arrays.stream(values())
                .map(kind -> kind.text)
                .collect(Collectors.joining(", ", "no fault '" + text + "'; there are ", ""));
    }
}
