package reconciler.change;

import java.util.regex.Pattern;

/// The part a participant plays. The `web` contract knows `contact` and `agent`; the published API
/// has an open set of purposes, so any well-formed name is a role.
public record ParticipantRole(String name) {
    private static final Pattern WELL_FORMED = Pattern.compile("[a-z][a-z0-9_-]{0,39}");

    public ParticipantRole {
        if (!isWellFormed(name)) {
            throw new IllegalArgumentException("not a participant role: " + name);
        }
    }

    /// Lower-case letters, digits, `_` and `-`, starting with a letter, 40 characters at most. The
    /// table's CHECK says the same.
    public static boolean isWellFormed(String name) {
        return WELL_FORMED.matcher(name).matches();
    }

    @Override
    public String toString() {
        return name;
    }
}
