/// How others do the same work. Each is set up as its documentation recommends, on the same client
/// and the same pool.
@NullMarked
package reconciler.bench.peer;

import org.jspecify.annotations.NullMarked;
