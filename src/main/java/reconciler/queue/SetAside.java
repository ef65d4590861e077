package reconciler.queue;

import reconciler.change.AttributeChange;

/// A row that cannot be claimed or settled, so that the others can go on without it.
///
/// @param reason for people
/// @param sent whether a request may have been sent for it: then it is read back, and not repeated,
///   once somebody lets it go
public record SetAside(AttributeChange change, String reason, boolean sent) {
    /// The reason of what is applied with a row that is set aside, or not at all.
    public static String goesWith(AttributeChange guilty) {
        return "goes with change " + guilty.id() + " or not at all, and that is set aside";
    }
}
