/// Files to staging to change sets.
@NullMarked
package reconciler.intake;

import org.jspecify.annotations.NullMarked;
