/// Claim, settle, release, reclaim: all SQL on attribute_change.
@NullMarked
package reconciler.queue;

import org.jspecify.annotations.NullMarked;
