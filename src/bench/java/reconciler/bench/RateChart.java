package reconciler.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// Requests a second over time, as the API saw them: what was served as a line, what was refused
/// below it in grey of the same shape.
record RateChart(String title, double limit, Map<String, List<Arrivals.Point>> curves) {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 335;
    private static final int LEFT = 56;
    private static final int TOP = 40;
    private static final int PLOT_WIDTH = WIDTH - LEFT - 20;
    private static final int PLOT_HEIGHT = HEIGHT - TOP - 79;
    private static final List<String> COLOURS = List.of("#0b6e4f", "#1b5fa8", "#c1440e");
    private static final double BIN = 0.5;

    String svg() {
        var svg = new StringBuilder();
        svg.append(
                """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">
                <rect width="100%%" height="100%%" fill="white"/>
                <text x="%d" y="20" font-size="14">Requests/s at the API, refused ones included: %s</text>
                """
                        .formatted(WIDTH, HEIGHT, LEFT, title));
        double longest = longest();
        double highest = highest();
        axes(svg, longest, highest);
        int number = 0;
        for (var curve : curves.entrySet()) {
            String colour = COLOURS.get(number % COLOURS.size());
            svg.append(
                    "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" points=\"%s\"/>\n"
                            .formatted(colour, points(curve.getValue(), longest, highest)));
            svg.append(
                    "<text x=\"%d\" y=\"%d\" fill=\"%s\">%s: %d requests, %d answered 429, %s s</text>\n"
                            .formatted(
                                    LEFT,
                                    HEIGHT - 37 + 15 * number,
                                    colour,
                                    curve.getKey(),
                                    curve.getValue().getLast().requests(),
                                    curve.getValue().getLast().refused(),
                                    shortly(curve.getValue().getLast().seconds())));
            number++;
        }
        return svg.append("</svg>\n").toString();
    }

    private void axes(StringBuilder svg, double longest, double highest) {
        double limitAt = y(limit, highest);
        svg.append(
                """
                <path d="M %d %d V %d H %d" fill="none" stroke="black"/>
                <line x1="%d" y1="%s" x2="%d" y2="%s" stroke="#888" stroke-dasharray="4 3"/>
                <text x="4" y="%s">%s/s</text>
                <text x="4" y="%d">%s</text>
                <text x="%d" y="%d" text-anchor="end">%s s</text>
                """
                        .formatted(
                                LEFT,
                                TOP,
                                TOP + PLOT_HEIGHT,
                                LEFT + PLOT_WIDTH,
                                LEFT,
                                shortly(limitAt),
                                LEFT + PLOT_WIDTH,
                                shortly(limitAt),
                                shortly(limitAt + 4),
                                shortly(limit),
                                TOP + 4,
                                shortly(highest),
                                LEFT + PLOT_WIDTH,
                                TOP + PLOT_HEIGHT + 15,
                                shortly(longest)));
    }

    private static String points(List<Arrivals.Point> points, double longest, double highest) {
        return rates(points).stream()
                .map(rate ->
                        shortly(LEFT + rate.seconds() / longest * PLOT_WIDTH)
                                + ","
                                + shortly(y(rate.perSecond(), highest)))
                .collect(Collectors.joining(" "));
    }

    private record Rate(double seconds, double perSecond) {}

    /// The rate within bins of half a second, at their middle.
    private static List<Rate> rates(List<Arrivals.Point> points) {
        var rates = new java.util.ArrayList<Rate>();
        Arrivals.Point from = points.getFirst();
        for (Arrivals.Point point : points) {
            double seconds = point.seconds() - from.seconds();
            if (seconds >= BIN) {
                rates.add(
                        new Rate(
                                from.seconds() + seconds / 2,
                                (point.requests() - from.requests()) / seconds));
                from = point;
            }
        }
        return rates;
    }

    private double longest() {
        return curves.values().stream()
                .mapToDouble(points -> points.getLast().seconds())
                .max()
                .orElse(1);
    }

    private double highest() {
        return curves.values().stream()
                .flatMap(points -> rates(points).stream())
                .mapToDouble(Rate::perSecond)
                .reduce(1.2 * limit, Math::max);
    }

    private static double y(double rate, double highest) {
        return TOP + PLOT_HEIGHT * (1 - rate / highest);
    }

    private static String shortly(double number) {
        return String.format(Locale.ROOT, "%.1f", number).replaceFirst("\\.0$", "");
    }
}
