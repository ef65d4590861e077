package reconciler.patch;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What came back for a request that went on the wire, or did not.
sealed interface Answer {
    /// @param headers by lower-case name; of a repeated one the last
    /// @param body what was read of it
    /// @param whole false when the connection broke before the end of the body
    /// @param cut there was more of it than is read of any answer
    record Received(
            int status, Map<String, String> headers, String body, boolean whole, boolean cut)
            implements Answer {
        Received(int status, Map<String, String> headers, String body, boolean whole) {
            this(status, headers, body, whole, false);
        }

        @Nullable String header(String name) {
            return headers.get(name.toLowerCase(Locale.ROOT));
        }

        /// The media type in lower case, without its parameters; null when there is none.
        @Nullable String mediaType() {
            String type = header("Content-Type");
            String bare =
                    type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
            return bare.isEmpty() ? null : bare;
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
    /// @param lasting why trying again is of no use until somebody mends it: the host is not who it
    ///   says, or a proxy wants another login; null when it may be
    record NotSent(String code, String message, Halt.@Nullable Kind lasting) implements Answer {}

    /// Whether the request left this machine, at least in part.
    default boolean wasSent() {
        return switch (this) {
            case Received _, Lost _ -> true;
            case NotSent _ -> false;
        };
    }
}
