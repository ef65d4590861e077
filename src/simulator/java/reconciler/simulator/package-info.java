/// The stand-in API: strict, stateful, with faults and a ledger.
@NullMarked
package reconciler.simulator;

import org.jspecify.annotations.NullMarked;
