package reconciler.simulator;

/// One thing that is wrong with one field of a request.
record Problem(String field, String code, String message) {}
