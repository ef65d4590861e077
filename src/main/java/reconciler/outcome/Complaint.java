package reconciler.outcome;

import org.jspecify.annotations.Nullable;

/// One entry of a refusal that names an attribute.
///
/// @param attribute the attribute's name as it was sent
public record Complaint(String attribute, @Nullable String code, @Nullable String message) {}
