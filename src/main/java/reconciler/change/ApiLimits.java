package reconciler.change;

/// What the API takes at most.
public final class ApiLimits {
    /// `request.bytes.max`: the body of one request, in UTF-8.
    public static final int REQUEST_BYTES = 512_000;

    private ApiLimits() {}
}
