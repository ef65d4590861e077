package reconciler.patch;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What came back for a request that went on the wire, or did not.
sealed interface Answer {
    /// @param headers by lower-case name; of a repeated one the last
    /// @param body what was read of it
    /// @param whole false when the connection broke before the end of the body
    record Received(int status, Map<String, String> headers, String body, boolean whole)
            implements Answer {
        @Nullable String header(String name) {
            return headers.get(name.toLowerCase(Locale.ROOT));
        }

        /// Without the body: it may hold attribute values.
        @Override
        public String toString() {
            return status + (whole ? "" : ", broken off");
        }

        boolean isSuccess() {
            return status >= 200 && status < 300;
        }
    }

    /// It left this machine, at least in part; no answer came.
    record Lost(String code, String message) implements Answer {}

    /// It did not leave this machine.
    ///
    /// @param lasting the host is not who it says: trying again is of no use until somebody mends
    ///   it
    record NotSent(String code, String message, boolean lasting) implements Answer {}
}
