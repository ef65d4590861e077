package reconciler.partition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reconciler.change.ParticipantRole;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class PartitionsTest {
    private static final ParticipantRole CONTACT = new ParticipantRole("contact");
    private static final ParticipantRole AGENT = new ParticipantRole("agent");

    @ParameterizedTest
    @ValueSource(longs = {1, 999, 1_000, 1_001, 7_500, 64_000, 10_000_000})
    void every_bucket_of_a_role_lies_in_exactly_one_partition(long rows) {
        List<Partition> partitions = new Partitions(1_000, 64).of(Map.of(CONTACT, rows));

        int[] covered =
                partitions.stream()
                        .flatMapToInt(partition ->
                                IntStream.range(partition.fromBucket(), partition.toBucket()))
                        .sorted()
                        .toArray();
        assertThat(covered).isEqualTo(IntStream.range(0, Partition.BUCKETS).toArray());
    }

    @Test
    void a_role_with_nine_tenths_of_the_rows_gets_nine_tenths_of_the_partitions() {
        List<Partition> partitions =
                new Partitions(1_000, 64).of(Map.of(CONTACT, 18_000L, AGENT, 2_000L));

        assertThat(partitions).hasSize(20);
        assertThat(partitions)
                .filteredOn(partition -> partition.role().equals(CONTACT))
                .hasSize(18);
    }

    @Test
    void a_role_without_rows_gets_no_partition() {
        assertThat(new Partitions(1_000, 64).of(Map.of(CONTACT, 0L))).isEmpty();
    }

    @Test
    void names_are_those_of_the_role_and_the_number() {
        assertThat(new Partitions(10, 2).of(Map.of(AGENT, 20L)))
                .extracting(Partition::name)
                .containsExactly("agent-000", "agent-001");
    }
}
