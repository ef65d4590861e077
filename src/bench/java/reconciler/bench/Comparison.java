package reconciler.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// Everybody at one workload.
record Comparison(Work work, int rounds, Map<Contender, Measured> medians) {
    /// Kept as one list, so that table and JSON never differ.
    private record Figure(String name, String format, ToDoubleFunction<Measured> of) {
        String text(Measured measured) {
            double value = of.applyAsDouble(measured);
            return Double.isFinite(value) ? String.format(Locale.ROOT, format, value) : "-";
        }
    }

    Section section() {
        List<Figure> figures = figures();
        var columns = new ArrayList<>(List.of("contender"));
        figures.forEach(figure -> columns.add(figure.name()));
        var rows = new ArrayList<List<String>>();
        var json = new ArrayList<Map<String, Object>>();
        medians.forEach((contender, measured) -> {
            var cells = new ArrayList<>(List.of(contender.title()));
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("contender", contender.name());
            for (Figure figure : figures) {
                cells.add(figure.text(measured));
                double value = figure.of().applyAsDouble(measured);
                object.put(figure.name(), Double.isFinite(value) ? value : "unknown");
            }
            rows.add(cells);
            json.add(object);
        });
        return new Section(
                work.number() + ". " + work.title(), notes(), columns, rows, json, pictures());
    }

    private List<Figure> figures() {
        var figures =
                new ArrayList<>(
                        List.of(
                                new Figure("rows", "%,.0f", Measured::rows),
                                new Figure("rows/s", "%,.0f", Measured::rowsPerSecond),
                                new Figure("requests/s", "%,.0f", Measured::requestsPerSecond)));
        Double ideal = work.ideal();
        if (ideal != null) {
            figures.add(
                    new Figure(
                            "of the ideal",
                            "%.1f %%",
                            measured -> 100 * measured.requestsPerSecond() / ideal));
        }
        if (work.isLimited()) {
            figures.add(new Figure("429s", "%.0f", Measured::refused));
        }
        figures.addAll(
                List.of(
                        new Figure(
                                "commits/row",
                                "%.3f",
                                measured -> measured.perRow(measured.commits())),
                        new Figure(
                                "WAL bytes/row",
                                "%,.0f",
                                measured -> measured.perRow(measured.wal())),
                        new Figure(
                                "CPU us/row",
                                "%,.0f",
                                measured -> measured.perRow(1e6 * measured.cpuSeconds())),
                        new Figure(
                                "database CPU us/row",
                                "%,.0f",
                                measured -> measured.perRow(1e6 * measured.databaseCpuSeconds())),
                        new Figure("live heap MB", "%.0f", Measured::heap),
                        new Figure("RSS MB", "%.0f", Measured::resident),
                        new Figure("whole process s", "%.1f", Measured::wholeSeconds)));
        return figures;
    }

    private List<String> notes() {
        Double ideal = work.ideal();
        return List.of(
                "Medians of %d interleaved rounds; %d %s of a participant; %d in flight%s."
                        .formatted(
                                rounds,
                                work.attributes(),
                                work.attributes() == 1 ? "row" : "rows",
                                work.inFlight(),
                                ideal == null
                                        ? ""
                                        : String.format(
                                                Locale.ROOT, "; ideal %,.0f requests/s", ideal)));
    }

    /// Ours and the fastest of the others.
    private Map<String, String> pictures() {
        if (!work.isLimited()) {
            return Map.of();
        }
        Map<String, List<Arrivals.Point>> curves = new LinkedHashMap<>();
        medians.forEach((contender, measured) -> {
            switch (contender) {
                case Contender.Product _ -> curves.put("attribute reconciler", measured.points());
                case Contender.Pair _ -> curves.put("two processes of it", measured.points());
                case Contender.Other other -> {
                    if (other.equals(best())) {
                        curves.put(other.title(), measured.points());
                    }
                }
            }
        });
        return Map.of(
                "rate-" + work.number() + ".svg",
                new RateChart(work.title(), work.perMinute() / 60.0, curves).svg());
    }

    private Contender best() {
        return medians.keySet().stream()
                .filter(Contender.Other.class::isInstance)
                .max(
                        java.util.Comparator.comparingDouble(
                                contender -> medianOf(contender).rowsPerSecond()))
                .orElse(new Contender.Product());
    }

    private Measured medianOf(Contender contender) {
        Measured measured = medians.get(contender);
        if (measured == null) {
            throw new IllegalArgumentException(contender + " took no part");
        }
        return measured;
    }
}
