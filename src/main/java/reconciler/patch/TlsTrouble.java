package reconciler.patch;

import java.io.IOException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/// Why a connection failed, in one line that tells an operator which end to look at.
final class TlsTrouble {
    private TlsTrouble() {}

    static String inWords(IOException failure) {
        String words = ofTheCertificate(failure);
        if (words != null) {
            return words;
        }
        String said = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
        return failure.getClass().getSimpleName() + ": " + said;
    }

    /// Whether the other end answered, and is not who it says.
    static boolean isOfTheCertificate(IOException failure) {
        return ofTheCertificate(failure) != null;
    }

    private static @Nullable String ofTheCertificate(IOException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String words = words(cause);
            if (words != null) {
                return words;
            }
        }
        return null;
    }

    private static @Nullable String words(Throwable cause) {
        return switch (cause) {
            case CertificateExpiredException expired ->
                    "its certificate has expired (" + expired.getMessage() + ")";
            case CertificateNotYetValidException early ->
                    "its certificate is not valid yet (" + early.getMessage() + ")";
            case SSLPeerUnverifiedException _ -> "its certificate is for another host";
            case CertPathBuilderException _ ->
                    "its certificate was issued by an authority that this Java does not trust; a company's own authority"
                            + " has to be in -Djavax.net.ssl.trustStore (RECONCILER_JAVA_OPTS)";
            default -> null;
        };
    }
}
