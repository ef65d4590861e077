package reconciler.patch;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.SSLSocketFactory;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;

/// A company's own authority, made known to this JVM as an operator does it. The JVM reads its
/// trust anew for each client.
final class TrustedAuthority {
    private static final List<String> TRUST =
            List.of("javax.net.ssl.trustStore", "javax.net.ssl.trustStorePassword");

    private final HeldCertificate authority =
            new HeldCertificate.Builder().certificateAuthority(0).commonName("ours").build();

    void trust(Path directory) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("ours", authority.certificate());
        Path file = directory.resolve("trust.p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, "changeit".toCharArray());
        }
        System.setProperty(TRUST.get(0), file.toString());
        System.setProperty(TRUST.get(1), "changeit");
    }

    void forget() {
        TRUST.forEach(System::clearProperty);
    }

    SSLSocketFactory sign(String host) {
        return sockets(
                new HeldCertificate.Builder()
                        .signedBy(authority)
                        .addSubjectAlternativeName(host)
                        .build());
    }

    static SSLSocketFactory selfSigned(String host) {
        return sockets(new HeldCertificate.Builder().addSubjectAlternativeName(host).build());
    }

    private static SSLSocketFactory sockets(HeldCertificate certificate) {
        return new HandshakeCertificates.Builder()
                .heldCertificate(certificate)
                .build()
                .sslSocketFactory();
    }
}
