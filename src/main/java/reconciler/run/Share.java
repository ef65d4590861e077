package reconciler.run;

import java.math.BigDecimal;

/// A part of a whole, from 0 to 100 percent.
public record Share(BigDecimal percent) {
    public static final Share NONE = ofPercent("0");

    public Share {
        if (percent.signum() < 0 || percent.compareTo(BigDecimal.valueOf(100)) > 0) {
            throw new IllegalArgumentException("not from 0 to 100 percent: " + percent);
        }
        percent = percent.stripTrailingZeros();
    }

    public static Share ofPercent(String percent) {
        return new Share(new BigDecimal(percent));
    }

    public boolean isNone() {
        return percent.signum() == 0;
    }

    /// From 0 to 1.
    public double fraction() {
        return percent.movePointLeft(2).doubleValue();
    }

    /// Whether `part` of `whole` is more than this share; nothing is more than a share of nothing.
    public boolean isExceededBy(long part, long whole) {
        return BigDecimal.valueOf(part)
                        .movePointRight(2)
                        .compareTo(percent.multiply(BigDecimal.valueOf(whole)))
                > 0;
    }

    @Override
    public String toString() {
        return percent.toPlainString() + "%";
    }
}
