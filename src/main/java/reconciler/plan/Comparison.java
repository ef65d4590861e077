package reconciler.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import reconciler.change.Participant;
import reconciler.patch.Sight;
import reconciler.run.Lookout;

/// Goes through what is in force, conversation by conversation, and looks at what is there now.
record Comparison(Traces traces, Lookout lookout) {
    /// Conversations at a time.
    private static final int PAGE = 500;

    private static final Sight NOT_LOOKED_AT = new Sight.Withheld();

    /// @param worthALook whether the API has to be asked about a row
    /// @param consumer gets each row with what was seen; [Sight.Withheld] for those not worth it
    void run(Traces.Of of, Predicate<InForce> worthALook, BiConsumer<InForce, Sight> consumer) {
        UUID after = new UUID(0, 0);
        boolean asked = false;
        while (true) {
            List<InForce> page = traces.page(of, after, PAGE);
            if (page.isEmpty()) {
                return;
            }
            if (!asked) {
                lookout.demandReady();
                asked = true;
            }
            look(page, worthALook, consumer);
            after = page.getLast().participant().conversationId();
        }
    }

    private void look(
            List<InForce> page,
            Predicate<InForce> worthALook,
            BiConsumer<InForce, Sight> consumer) {
        Map<UUID, Participant> conversations = new LinkedHashMap<>();
        page.stream()
                .filter(worthALook)
                .forEach(row ->
                        conversations.putIfAbsent(
                                row.participant().conversationId(), row.participant()));
        List<Sight> looks = lookout.look(new ArrayList<>(conversations.values()));
        Map<UUID, Sight> sights = new LinkedHashMap<>();
        int next = 0;
        for (UUID conversation : conversations.keySet()) {
            sights.put(conversation, looks.get(next++));
        }
        page.forEach(row ->
                consumer.accept(
                        row,
                        worthALook.test(row)
                                ? sights.getOrDefault(
                                        row.participant().conversationId(), NOT_LOOKED_AT)
                                : NOT_LOOKED_AT));
    }
}
