/// The command line: one class per command, exit codes, output.
@NullMarked
package reconciler.cli;

import org.jspecify.annotations.NullMarked;
