/// Measures the product and its peers side by side, on the same database and the same stand-in API.
@NullMarked
package reconciler.bench;

import org.jspecify.annotations.NullMarked;
