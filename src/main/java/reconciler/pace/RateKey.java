package reconciler.pace;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import reconciler.patch.ApiSettings;
import reconciler.patch.Credentials;

/// Who shares an allowance: the users of one OAuth client, or of one token, at one host, however
/// that is spelt.
public record RateKey(String name) {
    private static final int FINGERPRINT_BYTES = 8;

    public static RateKey of(ApiSettings api) {
        String user =
                switch (api.credentials()) {
                    case Credentials.ClientCredentials client -> "client " + client.id().strip();
                    case Credentials.AccessToken(String token) -> "token " + fingerprint(token);
                };
        return new RateKey(api.place() + " " + user);
    }

    private static String fingerprint(String token) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(token.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, FINGERPRINT_BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
