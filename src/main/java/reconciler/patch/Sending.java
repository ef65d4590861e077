package reconciler.patch;

import okhttp3.Call;
import okhttp3.EventListener;

/// Whether a call got as far as writing its request: the difference between "nothing was sent" and
/// "nobody knows".
final class Sending extends EventListener {
    private volatile boolean begun;

    /// The listener of a call; every call carries its own as a tag.
    static EventListener of(Call call) {
        Sending sending = call.request().tag(Sending.class);
        return sending == null ? EventListener.NONE : sending;
    }

    @Override
    public void requestHeadersStart(Call call) {
        begun = true;
    }

    boolean hasBegun() {
        return begun;
    }
}
