/// What a run would do before it does it, who agreed to that, whether it is still so afterwards,
/// and how to take it back.
@NullMarked
package reconciler.plan;

import org.jspecify.annotations.NullMarked;
