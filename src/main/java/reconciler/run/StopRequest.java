package reconciler.run;

import org.jspecify.annotations.Nullable;

/// Somebody wants the run under way to end.
public record StopRequest(String by, @Nullable String reason) {
    String inWords() {
        return "stopped by "
                + by
                + (reason == null ? "" : " (" + reason + ")")
                + "; what was not sent is pending";
    }
}
