package reconciler.intake;

import java.io.IOException;
import java.io.InputStream;

/// A text, packed or not. Its identity is the SHA-256 of its bytes, unpacked.
final class OpenText implements OpenFile {
    private final MeteredBytes bytes;
    private final FileForm form;

    OpenText(InputStream unpacked, FileForm form) {
        this.bytes = new MeteredBytes(unpacked, IntakeRules.MAX_FILE_BYTES);
        this.form = form;
    }

    @Override
    public Records records() throws IOException {
        return Records.of(new StrictText(bytes, form.encoding()), form);
    }

    @Override
    public String sha256() throws IOException {
        bytes.readAll();
        return bytes.sha256();
    }

    @Override
    public void close() throws IOException {
        bytes.close();
    }
}
