/// Requests, verdicts, pace, tokens: all of OkHttp.
@NullMarked
package reconciler.patch;

import org.jspecify.annotations.NullMarked;
