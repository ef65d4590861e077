/// Vocabulary: what an operator asks for. Nothing but java.* and JSpecify.
@NullMarked
package reconciler.change;

import org.jspecify.annotations.NullMarked;
