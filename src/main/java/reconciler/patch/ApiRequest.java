package reconciler.patch;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;
import reconciler.change.AttributeChange;
import reconciler.change.Participant;
import reconciler.outcome.Attempt;
import reconciler.outcome.Intent;

/// One request to the API, without its token. Used by one thread.
final class ApiRequest {
    private final Attempt.Purpose purpose;
    private final Participant participant;
    private final List<AttributeChange> changes;
    private final String method;
    private final HttpUrl url;
    private final byte @Nullable [] content;
    private @Nullable Intent intent;

    /// @param changes the changes it is made for, of this participant; none for a look
    /// @param body JSON; null for a read
    ApiRequest(
            Attempt.Purpose purpose,
            Participant participant,
            List<AttributeChange> changes,
            String method,
            HttpUrl url,
            @Nullable String body) {
        this.purpose = purpose;
        this.participant = participant;
        this.changes = List.copyOf(changes);
        this.method = method;
        this.url = url;
        this.content = body == null ? null : body.getBytes(StandardCharsets.UTF_8);
    }

    Attempt.Purpose purpose() {
        return purpose;
    }

    List<AttributeChange> changes() {
        return changes;
    }

    String method() {
        return method;
    }

    HttpUrl url() {
        return url;
    }

    /// The body in UTF-8, not to be written to; null for a read.
    byte @Nullable [] content() {
        return content;
    }

    /// The request as it is written down, before it is sent and afterwards.
    Intent intent() {
        if (intent == null) {
            intent =
                    new Intent(
                            purpose,
                            participant,
                            changes.stream().map(AttributeChange::id).toList(),
                            method,
                            url.encodedPath(),
                            content == null ? null : sha256(content));
        }
        return intent;
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    /// Without the body: it holds attribute values.
    @Override
    public String toString() {
        return method + " " + url.encodedPath();
    }
}
