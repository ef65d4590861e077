/// The Spring Batch job, the lease, the report.
@NullMarked
package reconciler.run;

import org.jspecify.annotations.NullMarked;
