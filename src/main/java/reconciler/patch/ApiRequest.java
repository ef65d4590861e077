package reconciler.patch;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;
import reconciler.change.AttributeChange;
import reconciler.outcome.Attempt;
import reconciler.outcome.Intent;

/// One request to the API, without its token.
///
/// @param changes the changes it is made for, of one participant
/// @param body JSON; null for a read
record ApiRequest(
        Attempt.Purpose purpose,
        List<AttributeChange> changes,
        String method,
        HttpUrl url,
        @Nullable String body) {
    ApiRequest {
        changes = List.copyOf(changes);
    }

    /// The request as it is written down.
    Intent intent() {
        return new Intent(
                purpose,
                changes.getFirst().participant(),
                changes.stream().map(AttributeChange::id).toList(),
                method,
                url.encodedPath(),
                body == null ? null : sha256(body));
    }

    private static String sha256(String body) {
        try {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
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
