package reconciler.intake;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import reconciler.intake.workbook.Archive;
import reconciler.intake.workbook.Workbook;

/// A sheet of a workbook. Its identity is the SHA-256 of the file, followed by a NUL and the name
/// of the sheet where that is not the first.
final class OpenWorkbook implements OpenFile {
    private final Archive archive;
    private final MeteredBytes file;
    private final Workbook workbook;

    /// @param file the same bytes, read or not yet
    OpenWorkbook(Archive archive, MeteredBytes file, FileForm form) throws IOException {
        this.archive = archive;
        this.file = file;
        this.workbook = Workbook.open(archive, form.sheet());
    }

    @Override
    public Records records() throws IOException {
        return new SheetRecords(workbook);
    }

    @Override
    public String sha256() throws IOException {
        file.readAll();
        if (!workbook.isFirst()) {
            file.append(("\0" + workbook.sheet()).getBytes(StandardCharsets.UTF_8));
        }
        return file.sha256();
    }

    @Override
    public void close() throws IOException {
        try (archive;
                file) {
            // both, whatever the first says
        }
    }
}
