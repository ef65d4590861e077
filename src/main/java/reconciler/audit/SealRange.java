package reconciler.audit;

/// A stretch of the record, by its first and last seal. No run is cut in two.
///
/// @param object what it is, as the event of its export names it
record SealRange(String object, long from, long until) {}
