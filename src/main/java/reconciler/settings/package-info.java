/// Environment variables and secret files.
@NullMarked
package reconciler.settings;

import org.jspecify.annotations.NullMarked;
