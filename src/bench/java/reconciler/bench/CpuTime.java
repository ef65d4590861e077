package reconciler.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// What Linux knows about a process; NaN elsewhere, and when it is gone.
final class CpuTime {
    /// What the kernel calls a second, since ever.
    private static final double TICKS = 100;

    private static final int USER = 11;
    private static final int CHILDREN = 13;

    private CpuTime() {}

    static double of(long pid) {
        return ticks(pid, USER);
    }

    static double ofChildren(long pid) {
        return ticks(pid, CHILDREN);
    }

    /// @param field of user time after the name; system time follows
    private static double ticks(long pid, int field) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return (Long.parseLong(fields[field]) + Long.parseLong(fields[field + 1])) / TICKS;
        } catch (IOException gone) {
            return Double.NaN;
        }
    }

    /// The most memory it ever had, in MB.
    static double peakResident(long pid) {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .map(line -> line.toLowerCase(Locale.ROOT).replaceAll("[^0-9]", ""))
                    .mapToDouble(kilobytes -> Long.parseLong(kilobytes) / 1024.0)
                    .findFirst()
                    .orElse(Double.NaN);
        } catch (IOException gone) {
            return Double.NaN;
        }
    }
}
