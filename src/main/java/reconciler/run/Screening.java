package reconciler.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reconciler.change.AttributeChange;
import reconciler.queue.ClaimedPage;
import reconciler.queue.SetAside;

/// Sets aside what was claimed and must not be sent: a change with an outcome on record, which
/// somebody put back, or for which somebody forged one. It could never be settled.
record Screening(RunContext.Records records, Lease lease) {
    private static final Logger LOG = LoggerFactory.getLogger(Screening.class);

    /// @return the page without those; in transactions of its own
    ClaimedPage fit(ClaimedPage page) {
        if (page.rows().isEmpty()) {
            return page;
        }
        return records.ownTransaction()
                .execute(_ -> {
                    Map<Long, String> over =
                            records.setAsides()
                                    .withOutcome(
                                            page.rows().stream()
                                                    .map(row -> row.change().id())
                                                    .toList());
                    return over.isEmpty() ? page : without(over, page);
                });
    }

    private ClaimedPage without(Map<Long, String> over, ClaimedPage page) {
        List<AttributeChange> guilty =
                page.rows().stream()
                        .map(ClaimedPage.Row::change)
                        .filter(change -> over.containsKey(change.id()))
                        .toList();
        List<SetAside> aside = new ArrayList<>();
        List<ClaimedPage.Row> rest = new ArrayList<>();
        for (ClaimedPage.Row row : page.rows()) {
            String reason = reason(row.change(), over, guilty);
            if (reason == null) {
                rest.add(row);
            } else {
                aside.add(new SetAside(row.change(), reason, row.change().inDoubt()));
            }
        }
        lease.confirm();
        records.setAsides().add(aside);
        aside.forEach(
                row -> LOG.warn("change {} is set aside: {}", row.change().id(), row.reason()));
        return new ClaimedPage(page.claim(), rest, page.end());
    }

    private static @Nullable String reason(
            AttributeChange change, Map<Long, String> over, List<AttributeChange> guilty) {
        String own = over.get(change.id());
        if (own != null) {
            return own;
        }
        return guilty.stream()
                .filter(change::standsWith)
                .findFirst()
                .map(SetAside::goesWith)
                .orElse(null);
    }
}
