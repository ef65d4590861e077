package reconciler.run;

import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import reconciler.queue.Orders.Order;

/// Participants, and people who keep wanting something else of them. Every value is another one.
final class Crowd {
    private final RandomGenerator random;
    private final List<Order> participants;
    private int values;

    /// @param agents the share of participants that are agents
    Crowd(Scenario scenario, RandomGenerator random, int size, double agents) {
        this.random = random;
        this.participants =
                IntStream.range(0, size)
                        .mapToObj(_ ->
                                scenario.orderFor(
                                        random.nextDouble() < agents ? "agent" : "customer",
                                        Map.of()))
                        .toList();
    }

    /// Queues changes for participants by chance.
    ///
    /// @param mistaken the share of rows that name the other role
    /// @param attributes how many names there are
    void want(int rows, int attributes, double mistaken) {
        for (int i = 0; i < rows; i++) {
            Order order = participants.get(random.nextInt(participants.size()));
            String role =
                    random.nextDouble() >= mistaken
                            ? order.role()
                            : order.role().equals("agent") ? "contact" : "agent";
            order.as(role)
                    .setting("attribute-" + random.nextInt(attributes), "value-" + values++)
                    .queue();
        }
    }
}
