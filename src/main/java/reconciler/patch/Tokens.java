package reconciler.patch;

/// The token that requests go out with: one for everybody.
sealed interface Tokens permits FixedToken, MintedTokens {
    /// The token to use now. May wait for the login host; whoever asks meanwhile waits with it.
    Grant current();

    /// The API refused this token. A token that somebody has replaced already is not replaced
    /// again.
    ///
    /// @return false when there will be no other
    boolean discard(String token);
}
