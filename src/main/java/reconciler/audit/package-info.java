/// The trail: all SQL on the audit schema.
@NullMarked
package reconciler.audit;

import org.jspecify.annotations.NullMarked;
