/// One pace for all processes that use the same allowance: a bucket in Postgres.
@NullMarked
package reconciler.pace;

import org.jspecify.annotations.NullMarked;
