/// The pool, the migrations, and what a database failure means to the operator.
@NullMarked
package reconciler.database;

import org.jspecify.annotations.NullMarked;
