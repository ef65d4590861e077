/// What became of a change, and what to do next: sealed values and the policies for 409, 429 and
/// 5xx. Knows no status codes.
@NullMarked
package reconciler.outcome;

import org.jspecify.annotations.NullMarked;
