package reconciler.intake;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPInputStream;
import reconciler.intake.workbook.Archive;
import reconciler.intake.workbook.Workbook;

/// What a source holds: a text, plain, in gzip or in zip, or a workbook. Its first bytes tell.
final class Unpacked {
    private static final int BUFFER = 64 * 1024;
    private static final int LONGEST_SIGNATURE = 8;

    private Unpacked() {}

    /// The beginnings that are known.
    private enum Signature {
        GZIP("1f8b"),
        ZIP("504b0304"),
        EMPTY_ZIP("504b0506"),
        OLE("d0cf11e0a1b11ae1"),
        PDF("255044462d"),
        NONE("");

        private final String hex;

        Signature(String hex) {
            this.hex = hex;
        }

        static Signature of(PushbackInputStream stream) throws IOException {
            byte[] first = stream.readNBytes(LONGEST_SIGNATURE);
            stream.unread(first);
            String beginning = HexFormat.of().formatHex(first);
            return Arrays.stream(values())
                    .filter(signature -> beginning.startsWith(signature.hex))
                    .findFirst()
                    .orElse(NONE);
        }
    }

    static OpenFile of(Source source) throws IOException {
        InputStream bytes = source.opening().open();
        try {
            return of(source, new PushbackInputStream(bytes, LONGEST_SIGNATURE));
        } catch (IOException | RuntimeException failure) {
            bytes.close();
            throw failure;
        }
    }

    private static OpenFile of(Source source, PushbackInputStream stream) throws IOException {
        return switch (Signature.of(stream)) {
            case GZIP -> text(source, new GZIPInputStream(stream, BUFFER), true);
            case ZIP, EMPTY_ZIP -> archive(source, stream);
            case OLE ->
                    throw new FileRefused(
                            "the file is a workbook of the old form (.xls), or one with a password: save it as .xlsx"
                                    + " without a password, or as CSV UTF-8");
            case PDF ->
                    throw new FileRefused("the file is a PDF: expected CSV, JSON or a workbook");
            case NONE -> text(source, stream, false);
        };
    }

    private static OpenText text(Source source, InputStream bytes, boolean isUnpacked)
            throws IOException {
        if (source.form().sheet() != null) {
            throw new FileRefused(
                    "--sheet names a sheet of a workbook (.xlsx), and the file is none");
        }
        if (!isUnpacked) {
            return new OpenText(bytes, source.form());
        }
        var stream = new PushbackInputStream(bytes, LONGEST_SIGNATURE);
        if (Signature.of(stream) != Signature.NONE) {
            throw new FileRefused("what the file holds is packed once more: unpack it first");
        }
        return new OpenText(stream, source.form());
    }

    private static OpenFile archive(Source source, InputStream bytes) throws IOException {
        var metered = new MeteredBytes(bytes, IntakeRules.MAX_FILE_BYTES);
        Archive archive = archive(source, metered);
        try {
            return Workbook.isIn(archive)
                    ? workbook(source, archive, metered)
                    : single(source, archive, metered);
        } catch (IOException | RuntimeException failure) {
            archive.close();
            throw failure;
        }
    }

    /// Of a stream a copy is made, readable by its owner alone; it has no name any more when this
    /// returns.
    private static Archive archive(Source source, MeteredBytes bytes) throws IOException {
        if (source.repeatable() && source.path() != null) {
            return Archive.open(source.path());
        }
        Path copy = Files.createTempFile("reconciler-intake", ".zip");
        try {
            bytes.copyTo(copy);
            return Archive.open(copy);
        } finally {
            Files.deleteIfExists(copy);
        }
    }

    private static OpenWorkbook workbook(Source source, Archive archive, MeteredBytes bytes)
            throws IOException {
        FileForm form = source.form();
        if (form.delimiter() != null || form.encoding() != null || form.escapedFormulas()) {
            throw new FileRefused(
                    "the file is a workbook: --delimiter, --encoding and --unescape-formulas are for CSV");
        }
        return new OpenWorkbook(archive, bytes, form);
    }

    private static OpenText single(Source source, Archive archive, MeteredBytes packed)
            throws IOException {
        if (archive.has("mimetype")) {
            throw new FileRefused(
                    "the file is a workbook of OpenDocument (.ods), or another document: save it as .xlsx, or as CSV UTF-8");
        }
        List<String> files = archive.files();
        InputStream bytes = files.size() == 1 ? archive.open(files.getFirst()) : null;
        if (bytes == null) {
            throw new FileRefused(
                    "the zip file holds "
                            + files.size()
                            + " files, and which one is meant is not to be guessed: expected one");
        }
        return text(
                source,
                new FilterInputStream(bytes) {
                    @Override
                    public void close() throws IOException {
                        try (archive;
                                packed) {
                            super.close();
                        }
                    }
                },
                true);
    }
}
