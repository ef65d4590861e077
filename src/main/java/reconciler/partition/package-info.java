/// Role and hash-range partitions.
@NullMarked
package reconciler.partition;

import org.jspecify.annotations.NullMarked;
