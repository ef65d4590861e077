package reconciler.patch;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Collections;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/// An answer that comes from something in between: a firewall, a proxy, a maintenance page, a
/// captive portal. It says nothing about a row and nothing about credentials.
final class ForeignAnswer {
    /// What an error of the API has at least one of. A message alone is also what gateways answer
    /// with.
    private static final Set<String> FIELDS_OF_ERRORS =
            Set.of(
                    "code",
                    "errors",
                    "details",
                    "status",
                    "contextId",
                    "messageWithParams",
                    "messageParams",
                    "entityId",
                    "limit");

    private static final Set<String> FIELDS_OF_SUCCESSES =
            Set.of("id", "participants", "participantAttributes", "attributes");

    private static final Pattern TITLE =
            Pattern.compile("<title[^>]{0,200}>([^<]{1,400})", Pattern.CASE_INSENSITIVE);

    private static final int TITLE_LETTERS = 60;
    private static final int HEADER_LETTERS = 40;

    private ForeignAnswer() {}

    /// The API's own answers carry a correlation id; their bodies are JSON with fields that are
    /// documented. It sends nobody elsewhere. That too much is asked for may be said by whoever
    /// guards the API: there a 429 counts whatever it looks like.
    static boolean is(Answer.Received answer) {
        int status = answer.status();
        if (status == 429) {
            return false;
        }
        if (status >= 300 && status < 400) {
            return true;
        }
        if (status == 401 && isBearer(answer.header("WWW-Authenticate"))) {
            return false;
        }
        boolean correlated = answer.header("ININ-Correlation-Id") != null;
        if (answer.body().isBlank()) {
            return !correlated && !answer.isSuccess() && status != 401;
        }
        String mediaType = answer.mediaType();
        if (mediaType != null && !isJson(mediaType)) {
            return true;
        }
        if (mediaType != null && correlated) {
            return false;
        }
        Set<String> known = answer.isSuccess() ? FIELDS_OF_SUCCESSES : FIELDS_OF_ERRORS;
        Set<String> fields = fields(answer.body());
        return correlated ? fields.isEmpty() : Collections.disjoint(fields, known);
    }

    /// Whether it tells that the API cannot be reached. JSON of another shape that comes with a
    /// success may be the API's after all, of another version: there the reads decide.
    static boolean isInTheWay(Answer.Received answer) {
        String mediaType = answer.mediaType();
        boolean mayBeTheApi = answer.isSuccess() && (mediaType == null || isJson(mediaType));
        return is(answer) && !mayBeTheApi;
    }

    static boolean isJson(String mediaType) {
        return mediaType.equals("application/json")
                || mediaType.equals("text/json")
                || (mediaType.startsWith("application/") && mediaType.endsWith("+json"));
    }

    /// The challenge of whoever takes tokens.
    private static boolean isBearer(@Nullable String challenge) {
        return challenge != null && challenge.toLowerCase(Locale.ROOT).startsWith("bearer");
    }

    /// The names of an object's own fields, as far as it can be read.
    private static Set<String> fields(String body) {
        var fields = new HashSet<String>();
        try (JsonParser json = JsonMapper.shared().createParser(body)) {
            if (json.nextToken() == JsonToken.START_OBJECT) {
                while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                    fields.add(json.currentName());
                    json.nextToken();
                    json.skipChildren();
                }
            }
        } catch (JacksonException cutOffOrNoJson) {
            return fields;
        }
        return fields;
    }

    /// `text/html from "nginx", titled "Access denied"`: what tells an operator whose it is,
    /// bounded, of its text no more than the title.
    ///
    /// @param redaction of what was sent
    static String inWords(Answer.Received answer, Redaction redaction) {
        var words = new StringBuilder(form(answer));
        String server = answer.header("Server");
        if (server != null && !server.isBlank()) {
            words.append(" from \"").append(plain(server, HEADER_LETTERS)).append('"');
        }
        String place = redirectedTo(answer);
        if (place != null) {
            words.append(", a redirect to ").append(plain(place, HEADER_LETTERS));
        }
        Matcher title = TITLE.matcher(answer.body());
        if (title.find()) {
            words.append(", titled \"")
                    .append(plain(redaction.apply(title.group(1)), TITLE_LETTERS))
                    .append('"');
        }
        return words.toString();
    }

    private static String form(Answer.Received answer) {
        String mediaType = answer.mediaType();
        if (answer.body().isBlank()) {
            return "without a body";
        }
        if (mediaType == null) {
            return "without a media type";
        }
        return plain(mediaType, HEADER_LETTERS) + (isJson(mediaType) ? " of another shape" : "");
    }

    private static @Nullable String redirectedTo(Answer.Received answer) {
        String location = answer.status() >= 400 ? null : answer.header("Location");
        if (location == null) {
            return null;
        }
        try {
            String host = new URI(location).getHost();
            return host == null ? "the same host" : host;
        } catch (URISyntaxException notOne) {
            return "what is no URL";
        }
    }

    /// In one line, letters that a terminal and a log can show, bounded.
    private static String plain(String text, int letters) {
        String line =
                text.replaceAll("[^\\p{L}\\p{N} .,:;/()\\[\\]_+=!?'*-]+", " ")
                        .strip()
                        .replaceAll(" +", " ");
        return line.length() <= letters
                ? line
                : StorableText.bounded(line.substring(0, letters), 4 * letters).strip() + " ...";
    }
}
