/// Postgres inside this process, for the demo and the tests.
@NullMarked
package reconciler.embedded;

import org.jspecify.annotations.NullMarked;
