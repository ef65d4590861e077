package reconciler.outcome;

/// How the value that stands differs from the one that was sent.
///
/// @param attribute the attribute's name as it was sent
/// @param inWords without the value, to follow "the API": "kept the first 256 of 300 characters"
public record Difference(String attribute, String inWords) {}
