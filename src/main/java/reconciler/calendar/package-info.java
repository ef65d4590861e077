/// Times as people write them: cron expressions, windows of the day, zones and points in time.
@NullMarked
package reconciler.calendar;

import org.jspecify.annotations.NullMarked;
