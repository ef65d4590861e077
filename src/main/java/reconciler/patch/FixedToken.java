package reconciler.patch;

/// A token from the environment: all there is.
record FixedToken(String token) implements Tokens {
    @Override
    public Grant current() {
        return new Grant.Granted(token);
    }

    @Override
    public boolean discard(String token) {
        return false;
    }

    @Override
    public String toString() {
        return "fixed token (not shown)";
    }
}
