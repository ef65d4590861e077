/// Workbooks (.xlsx) as rows of texts, read as a stream and within limits: nothing that a file says
/// makes memory grow.
@NullMarked
package reconciler.intake.workbook;

import org.jspecify.annotations.NullMarked;
