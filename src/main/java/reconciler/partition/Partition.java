package reconciler.partition;

import reconciler.change.ParticipantRole;

/// The participants of one role whose bucket lies in `[fromBucket, toBucket)`. A participant lives
/// in exactly one bucket, so within a role in exactly one partition.
public record Partition(ParticipantRole role, int number, int fromBucket, int toBucket) {
    /// How many buckets the database spreads participants over.
    public static final int BUCKETS = 1024;

    public Partition {
        if (fromBucket < 0 || toBucket > BUCKETS || fromBucket >= toBucket) {
            throw new IllegalArgumentException("buckets " + fromBucket + " to " + toBucket);
        }
    }

    /// `contact-000`: stable for the same role and number, short enough for Batch's step name.
    public String name() {
        return "%s-%03d".formatted(role, number);
    }
}
