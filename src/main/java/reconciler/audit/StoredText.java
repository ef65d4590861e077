package reconciler.audit;

import org.jspecify.annotations.Nullable;

/// Text of the API on its way into Postgres, which has no NUL character.
final class StoredText {
    private StoredText() {}

    static @Nullable String of(@Nullable String text) {
        return text == null ? null : text.replace('\0', '\uFFFD');
    }
}
