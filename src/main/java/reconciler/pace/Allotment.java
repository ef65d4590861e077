package reconciler.pace;

import java.time.Duration;

/// The API's time, dealt out among all users of an allowance. Asked by one thread at a time, but
/// for [#limit].
interface Allotment {
    /// How long the API wants everybody to wait yet; zero or less when it does not. To be asked
    /// before every [#reserve].
    Duration pause();

    /// Takes the next `nanos` of the API's time.
    ///
    /// @return when they begin, by our monotonic clock; may have been already
    long reserve(long nanos);

    /// Nobody is to send anything for this long. Never shortens a pause.
    void limit(Duration pause);
}
