/// Cron schedules of the job files, one run at a time.
@NullMarked
package reconciler.schedule;

import org.jspecify.annotations.NullMarked;
