package reconciler.cli;

import java.time.Instant;

/// Something that happened to a change, in words.
record Chapter(Instant when, String what) {}
