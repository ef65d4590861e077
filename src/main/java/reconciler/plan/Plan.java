package reconciler.plan;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A plan as it is stored.
///
/// @param set null: everything that the job would have taken
/// @param expired whether that has passed by the database's clock
/// @param sample so many conversations were looked at; null: all
/// @param sha256 over everything in it
/// @param voidedBecause why it does not hold any more; null while it does
public record Plan(
        long id,
        @Nullable Long set,
        String job,
        Instant createdAt,
        Instant validUntil,
        boolean expired,
        @Nullable Integer sample,
        String sha256,
        @Nullable String voidedBecause) {

    /// `p_12`.
    public String name() {
        return name(id);
    }

    static String name(long id) {
        return "p_" + id;
    }

    /// What `--plan` takes: `p_12` or `12`.
    ///
    /// @return null for anything else
    public static @Nullable Long parse(String text) {
        return text.matches("(p_)?[0-9]{1,18}") ? Long.valueOf(text.replaceFirst("^p_", "")) : null;
    }

    /// What the plan is of, in words.
    public String subject() {
        return set == null ? "what job " + job + " would take" : "change set " + set;
    }

    /// How to make a new one.
    String command() {
        return set == null
                ? "`reconciler plan --job " + job + "`"
                : "`reconciler plan " + set + "`";
    }
}
